"""What a pro's services and coverage say of each ZIP, derived once more, in SQL (RULES 12, DESIGN 4).

A list is its ZIPs, a city the ZIPs of that place, a radius the ZIPs whose middle is at most so many miles away, looked for only in
the squares of the map (a degree each way) that the circle touches. A service with grounds of its own is covered there only.
"""

EARTH_MILES = 3958.8
MILES_PER_DEGREE = 68.0  # a little less than there are, so that no square is missed

FALSE_AREAS = f"""
with zips as materialized (
  select code, cell, 1::bigint << bit as mask, latitude, longitude, upper(place) as place, state,
    floor(latitude)::int as south, floor(longitude)::int as west
  from catalog_zip
), square as (
  select asked.center, asked.miles, middle.latitude, middle.longitude, line.south, pillar.west
  from (select distinct left(trim(center), 5) as center, miles from accounts_coverage where kind = 'radius') asked
  join zips middle on middle.code = asked.center
  cross join lateral (select asked.miles / {MILES_PER_DEGREE}::float8 as degrees) north
  cross join lateral (select north.degrees / cos(radians(least(abs(middle.latitude) + north.degrees, 89))) as degrees) east
  cross join generate_series(floor(middle.latitude - north.degrees)::int, floor(middle.latitude + north.degrees)::int) as line(south)
  cross join generate_series(floor(middle.longitude - east.degrees)::int, floor(middle.longitude + east.degrees)::int) as pillar(west)
), circle as (
  select s.center, s.miles, z.cell, bit_or(z.mask) as mask
  from square s join zips z on z.south = s.south and z.west = s.west and 2 * {EARTH_MILES} * asin(sqrt(
    power(sin(radians(z.latitude - s.latitude) / 2), 2)
    + cos(radians(s.latitude)) * cos(radians(z.latitude)) * power(sin(radians(z.longitude - s.longitude) / 2), 2)
  )) <= s.miles
  group by s.center, s.miles, z.cell
), ground as (
  select c.id, z.cell, bit_or(z.mask) as mask
  from accounts_coverage c cross join jsonb_array_elements_text(c.zips) as listed(code) join zips z on z.code = listed.code
  where c.kind = 'list' group by c.id, z.cell
  union all
  select c.id, z.cell, bit_or(z.mask)
  from accounts_coverage c join zips z on z.state = c.state and z.place = upper(regexp_replace(trim(c.place), '\\s+', ' ', 'g'))
  where c.kind = 'city' group by c.id, z.cell
  union all
  select c.id, circle.cell, circle.mask
  from accounts_coverage c join circle on circle.center = left(trim(c.center), 5) and circle.miles = c.miles where c.kind = 'radius'
), own as (
  select distinct pro_id, service_id from accounts_coverage where service_id is not null
), said as (
  select o.pro_id, o.service_id, ground.cell, bit_or(ground.mask) as mask
  from accounts_proservice o
  left join own on own.pro_id = o.pro_id and own.service_id = o.service_id
  join accounts_coverage c on c.pro_id = o.pro_id and c.service_id is not distinct from own.service_id
  join ground on ground.id = c.id
  group by o.pro_id, o.service_id, ground.cell
)
select concat_ws(
  ' ', 'pro', coalesce(a.pro_id, s.pro_id), 'service', coalesce(a.service_id, s.service_id), 'cell', coalesce(a.cell, s.cell)
)
from said s full join accounts_proarea a on a.pro_id = s.pro_id and a.service_id = s.service_id and a.cell = s.cell
where a.mask is distinct from s.mask
"""
