"""What permits were for, and what their holders offer."""

import pytest

from catalog import guide, licences, permits
from catalog.stock import bundled

SERVICES = {service["code"]: service for trade in bundled() for service in trade["services"]}

EXPRESS = "Express Permit Program"
HOME = "Residential"
REPAIRS, ADDITIONS = "R- 435 Renovations/Remodel", "R- 434 Addition & Alterations"


def read(city, kind, work, description):
    return permits.read({"source_city": city, "permit_type": kind, "work_type": work, "description": description})


CHICAGO = [
    ("Masonry Work", "Tuckpointing and unit masonry repair / replacement: 100 SQ. FT., lintel qty. 2", "tuckpointing"),
    ("Small-Scale Solar PV System", "Install solar panels on roof. Array output: 6.24 kW.", "solar-panels"),
    ("Fence or Trash Enclosure", "Wood Fence - 6'-0' ' (height) x 100'-0' ' (length). Along north and west lot lines.", "fence"),
    (
        "Electrical Work",
        "LINE VOLTAGE ELECTRICAL WORK. New permanent 100 amp service disconnecting means with 20 circuits.",
        "electrical-service",
    ),
    ("Electrical Work", "Line voltage electrical work. Repair or alter devices on existing circuits.", "electrical-repair"),
    ("Electrical Work", "Add 1 circuits to existing 200 amp service. Electric vehicle supply equipment: 2 spaces", "ev-charger"),
    ("Electrical Work", "REWIRE HOUSE, RUN THREE NEW CIRCUITS", "wiring"),
    ("Plumbing Work", "Repair or in-kind replacement of 3 plumbing fixtures as described.", "plumbing-fixtures"),
    ("Plumbing Work", "Repair or in-kind replacement of 0 plumbing fixtures. In-kind replacement of hot water heater(s).", "water-heater"),
    ("Mechanical Work", "Repair/replacement affecting 1 systems : 1 fan coil unit(DLE800)", "air-conditioning"),
    ("Mechanical Work", "Repair/replacement affecting 1 systems : 1 central furnace", "furnace"),
    ("Reroofing", "Scope: roof repair. Area: 254 sq. ft.", "roof-repair"),
    ("Reroofing", "Scope: roof recover. Area: 3900 sq. ft. Roof covering: asphalt shingles.", "roof-replacement"),
    ("Exterior Windows/Doors Replacement", "Replacement windows: 0; replacement skylights: 0; replacement doors: 1.", "exterior-door"),
    ("Exterior Windows/Doors Replacement", "Replacement windows: 5; replacement skylights: 0; replacement doors: 1.", "windows"),
    ("Nonstructural Interior Work", "Scope: nonstructural interior work: bathroom remodel: replace tub with a shower", "bathroom-remodel"),
    ("Nonstructural Interior Work", "Replace drywall- all work same as existing", "drywall"),
    ("", "SPR 2019 CBC. REPLACE EXISTING PORCH AND STAIRS. ALL WORK AS PER PLANS.", "porch"),
    ("", "SPR 2019 CBRC: fire restoration to existing two story building", "damage-repair"),
    ("", "Interior renovation of an existing 2 story, masonry building with basement, per plans", "interior-remodel"),
    ("", "2nd floor frame addition and interior remodeling of existing single family residence", "room-addition"),
    ("", "Structural work only for foundation underpinning of existing residential building", "foundation-repair"),
]
AUSTIN = [
    (f"Mechanical / {HOME}", "Change Out", "Change out of HVAC to existing residence only", "hvac-replacement"),
    (f"Plumbing / {HOME}", "Change Out", "Change out water heater", "water-heater"),
    (f"Plumbing / {HOME}", "Change Out", "Change out of hvac to existing residence only", "hvac-replacement"),
    (f"Plumbing / {HOME}", "Irrigation", "Install new irrigation system to residence.", "sprinkler-system"),
    (f"Plumbing / {HOME}", "Remodel", "Replacement of sewer yard line to existing residence only", "sewer-line"),
    (f"Plumbing / {HOME}", "Remodel", "Replace 40 gallon gas water heater", "water-heater"),
    (f"Plumbing / {HOME}", "Remodel", "Gas test to res only.", "gas-line"),
    (f"Electrical / {HOME}", "Auxiliary Power", "Install auxiliary power to exist res.", "solar-panels"),
    (f"Electrical / {HOME}", "Upgrade", "Upgrade electrical service to res only.", "electrical-service"),
    (f"Electrical / {HOME}", "Remodel", "Connect mobile home EUD", "electrical-service"),
    (f"Electrical / {ADDITIONS}", "Addition and Remodel", "Partial demo of front porch; adding a master bedroom", "wiring"),
    (f"Building / {REPAIRS}", "Repair", "Replace windows on SF Res.", "windows"),
    (f"Building / {REPAIRS}", "Repair", "foundation repair", "foundation-repair"),
    (f"Building / {REPAIRS}", "Repair", "Install patio door", "exterior-door"),
    (f"Building / {REPAIRS}", "Repair", "remove tub and surround. install shower pan and tile surround.", "bathroom-remodel"),
    (f"Building / {REPAIRS}", "Remodel", "Interior remodel. Kitchen remodel. Replace cabinets and countertops.", "kitchen-remodel"),
    (f"Building / {ADDITIONS}", "Addition", "new wooden deck", "deck"),
    (f"Building / {ADDITIONS}", "Addition", "Garage conversion", "garage-conversion"),
    (f"Building / {ADDITIONS}", "Addition and Remodel", "Connect mobile home and add 8x8 front deck only.", "deck"),
    ("Building / R- 329 Res Structures Other Than Bldg", "New", "New pool and spa", "pool-build"),
    ("Building / R- 649 Demolition All Other Bldgs Res", "Demolition", "Total demo of pool.", "demolition"),
    ("Driveway/Sidewalk / Res. Driveway", "New", "Construct new driveway approach. Sidewalk fee paid.", "driveway"),
    ("Driveway/Sidewalk / Res. Sidewalk", "Repair", "Replace section of sidewalk due to trip hazard", "sidewalk-patio"),
]
OTHERS = [
    ("Philadelphia", "Plumbing Permit", "PLU-EZ PLUMBING", "REPLACE CURB TRAP AND FRESH AIR INLET", "plumbing-repair"),
    ("Philadelphia", "Plumbing Permit", "PLU-EZ PLUMBING", 'REPLACE 3/4" WATER SERVICE', "water-line"),
    ("Philadelphia", "Plumbing Permit", "PLU-EZ PLUMBING", "3 TOILETS, 3 LAVS, 2 TUBS, 2 WATER HEATERS", "plumbing-fixtures"),
    ("Philadelphia", "Mechanical Permit", "MEC-WARM AIR", "INSTALL GAS FIRE HEATING UNIT, 2 TONS AC WITH DUCTWORK", "hvac-replacement"),
    ("Philadelphia", "Alteration Permit", "ALT-MINOR ALTERATION", "INSTALL VINYL SIDING (SFD)", "siding"),
    ("Philadelphia", "Zoning Permit", "ZON-SINGLE FAMILY ADDITION", "ERECT 12X18 DECK REAR YARD", "deck"),
    ("Nashville", "Building Residential - New", "Accessory Structure, Garage", "to construct 22x22 garage. not a dadu.", "garage-build"),
    ("Nashville", "Building Residential - New", "Accessory Structure, Shed / Storage Bldg", "8 x 40 structure", "shed"),
    ("Cary", "TANKLESS WATER HEATER CHANGE OUT RESIDENTIAL", "", "Tankless Water Heater Change Out Residential", "water-heater"),
    ("Cary", "BLDG - RESIDENTIAL ALT/ADD", "", "Bldg - Residential Alt/Add", "interior-remodel"),
]
ROWS = (
    [("Chicago", EXPRESS if work else "Renovation/Alteration", work, text, service) for work, text, service in CHICAGO]
    + [("Austin", *row) for row in AUSTIN]
    + OTHERS
)


@pytest.mark.parametrize(("city", "kind", "work", "text", "service"), ROWS)
def test_a_permit_is_read_as_the_job_it_was_for(city, kind, work, text, service):
    reading = read(city, kind, work, text)
    assert (reading.service, reading.code) == (service, "")
    answers = guide.fill(SERVICES[service]["questions"], reading.answers)
    assert set(reading.answers) <= set(answers)
    guide.clean(SERVICES[service]["questions"], answers)


@pytest.mark.parametrize(
    ("city", "kind", "text", "code"),
    [
        ("Nashville", "Building Residential - Addition", "REJECTED: incorrect permit type. New permit created", permits.NO_SERVICE),
        ("Philadelphia", "Zoning Permit", "for the relocation of lot lines to create two parcels", permits.NO_SERVICE),
        ("Philadelphia", "Electrical Permit", "replace curb trap (comm)", permits.NOT_RESIDENTIAL),
        ("Austin", "Building / R- 435 Renovations/Remodel", "temporary construction trailer", permits.NO_SERVICE),
    ],
)
def test_what_is_no_job_has_a_listed_code(city, kind, text, code):
    reading = read(city, kind, "", text)
    assert (reading.service, reading.code) == ("", code)


def test_a_rejected_application_for_a_deck_was_still_about_a_deck():
    text = "REJECTED: site plan required. Must show proposed deck relative to existing residence."
    assert read("Nashville", "Building Residential - Rehab", "Accessory Structure, Decks", text).service == "deck"


def test_words_that_only_look_alike():
    assert read("Nashville", "Building Residential - New", "Accessory Structure, Garage", "garage, not a dadu").service == "garage-build"
    assert read("Chicago", "Renovation/Alteration", "", "nonstructural interior work in kitchen").service == "kitchen-remodel"
    assert read("Austin", "Building / R- 435", "Repair", "replace smoke detectors in bathroom").service != "damage-repair"


@pytest.mark.parametrize(
    ("row", "answers"),
    [
        (
            ("Chicago", EXPRESS, "Fence or Trash Enclosure", "Wood Fence - 6'-0' ' (height) x 100'-0' ' (length)."),
            {"length": 100, "material": "wood"},
        ),
        (
            ("Chicago", EXPRESS, "Reroofing", "Scope: roof recover. Area: 3,900 sq. ft. Roof covering: asphalt shingles."),
            {"area": 3900, "layers": "recover", "covering": "asphalt"},
        ),
        (
            ("Chicago", EXPRESS, "Detached Frame Garage", "Building outside dimensions: 22'-0' ' x20'-0' '. Hip roof"),
            {"area": 440, "kind": "frame"},
        ),
        (("Chicago", EXPRESS, "Small-Scale Solar PV System", "Sloped roof. Array output: 6.24 kW."), {"kilowatts": 6, "roof": "shingle"}),
        (("Austin", "Building / R- 435", "Repair", "Install seven windows"), {"windows": 7}),
        (("Austin", "Mechanical / Residential", "Change Out", "Replace two heat pumps"), {"kind": "heat_pump", "systems": 2}),
        (("Philadelphia", "Plumbing Permit", "PLU-EZ PLUMBING", "INSTALL 2 TOILETS, 3 SINKS"), {"fixtures": 5}),
        (("Chicago", EXPRESS, "Electrical Work", "NEW 200 AMP SERVICE AND METER"), {"amps": "200", "scope": "service"}),
    ],
)
def test_the_text_answers_questions(row, answers):
    found = read(*row).answers
    assert answers.items() <= found.items()


def test_anything_may_stand_in_a_text():
    for text in ("", "%$#", "9" * 240, "１２ windows", "\x00", "x" * 240, "99999999 sq ft deck " * 12):
        for city in ("Chicago", "Austin", "Philadelphia", "Nashville", "Cary", "Elsewhere"):
            reading = read(city, "New / Kind", "Unknown", text)
            assert reading.service in SERVICES or reading.code


def test_every_word_leads_to_a_service_of_the_catalogue():
    named = set(permits.USUAL.values()) | {service for classes in permits.CLASSES.values() for service in classes.values()}
    named |= {service for tables, usual in permits.READERS.values() for words in tables for service in [*words.expressions, usual]}
    named |= set(permits.WORK.expressions) | set(permits.PROJECT.expressions) | set(permits.OUTSIDE.expressions)
    assert named <= set(SERVICES)


def test_every_answer_belongs_to_a_question():
    from catalog import permit_answers

    for service, questions in permit_answers.tables().items():
        asked = {question["code"]: question for question in SERVICES[service]["questions"]}
        for code, rule in questions.items():
            if asked[code]["kind"] == "choice":
                assert set(rule) <= {option["code"] for option in asked[code]["options"]}
            else:
                assert isinstance(rule, list) or set(rule) == {"sum"}


@pytest.mark.parametrize(
    ("classification", "some", "none"),
    [
        ("General Contractor (Class E)", {"kitchen-remodel", "porch", "tuckpointing"}, {"roof-replacement", "wiring", "water-heater"}),
        ("General Contractor (Class E); General (12); Electrical (2)", {"handyman", "wiring", "fence"}, {"water-heater"}),
        ("Masonry (8); Roofing (1)", {"tuckpointing", "roof-replacement"}, {"porch"}),
        ("Plumbing (40)", {"water-heater", "sprinkler-system"}, {"hvac-replacement"}),
        ("Mechanical (3)", {"hvac-replacement"}, {"water-heater"}),
        ("Driveway/Sidewalk (5)", {"driveway"}, {"deck"}),
        ("C-10|C-46", {"wiring", "solar-panels"}, {"roof-replacement"}),
        ("Tree (4)", {"tree-removal"}, {"deck"}),
    ],
)
def test_a_class_offers_its_services(classification, some, none):
    offered = licences.services_of(classification)
    assert some <= set(offered) and not none & set(offered)
    assert len(offered) == len(set(offered))


def test_unknown_classes_offer_nothing_and_are_named():
    assert licences.services_of("D-52|HAZ") == licences.services_of("") == []
    assert licences.unknown_classes("C-10|HAZ; Electrical (3)") == ["HAZ"]


def test_every_class_offers_services_of_the_catalogue_and_every_service_has_a_class():
    offered = {service for services in licences.classes().values() for service in services}
    assert offered <= set(SERVICES)
    assert set(SERVICES) - offered == {"gutter-cleaning", "house-cleaning"}  # nobody needs a licence for these
