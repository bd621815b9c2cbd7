# One image for every process of ours; the command says which one it is.

FROM python:3.11-slim-bookworm AS program
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
COPY requirements.lock /tmp/
RUN pip install --quiet --require-hashes -r /tmp/requirements.lock
WORKDIR /app
COPY migrations ./migrations
COPY kit ./kit
COPY fleet ./fleet
COPY tracking ./tracking
COPY dispatch ./dispatch
COPY audit ./audit
COPY gateway ./gateway
COPY demo ./demo
COPY deploy/docker/health.py ./deploy/docker/health.py
RUN python -m compileall -q . \
    && python -m gateway.cli openapi /tmp/openapi.json

# The browser side is built on the API's own description.
FROM node:24-bookworm-slim AS web
WORKDIR /web
COPY web/package.json web/package-lock.json web/.npmrc ./
RUN npm ci --no-audit --no-fund --loglevel=error
COPY web ./
COPY --from=program /tmp/openapi.json ./openapi.json
RUN npm run --silent api && npm run --silent build

FROM python:3.11-slim-bookworm
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONPATH=/app \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    GONGCHE_DATA_DIR=/data \
    GONGCHE_HOST=0.0.0.0
RUN groupadd --system --gid 7808 gongche \
    && useradd --system --uid 7808 --gid gongche --home-dir /data --shell /usr/sbin/nologin gongche \
    && install -d -o gongche -g gongche -m 0750 /data \
    && printf '#!/bin/sh\nexec python -m gateway.cli "$@"\n' >/usr/local/bin/gongche \
    && chmod 0755 /usr/local/bin/gongche
COPY --from=program /opt/venv /opt/venv
COPY --from=program /app /app
# The compiler of shared rides keeps what it makes there; on another processor the API makes it anew.
RUN chown -R gongche:gongche /app/dispatch/sharing/__pycache__
COPY --from=web /web/dist /app/web/dist
WORKDIR /app
USER gongche
VOLUME /data
EXPOSE 8000 7808
# For the API, which is the default; the compose file names the check of each service.
HEALTHCHECK --interval=15s --timeout=6s --start-period=60s --retries=4 \
    CMD ["python", "deploy/docker/health.py", "api"]
CMD ["gongche", "api"]
