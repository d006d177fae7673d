# syntax=docker/dockerfile:1

# What runs needs only these packages.
FROM node:26-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts && npm cache clean --force

FROM node:26-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY src src
RUN node_modules/.bin/tsc -p tsconfig.build.json

# The small API that the demo puts behind the gateway; Node runs its TypeScript as it is.
FROM node:26-slim AS demo-api
ENV NODE_ENV=production HOST=0.0.0.0 PORT=9001
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY package.json ./
COPY keycloak/demo keycloak/demo
USER node
EXPOSE 9001
CMD ["node", "keycloak/demo/demo-api.ts"]

# The gateway, and what `docker build .` makes.
FROM node:26-slim AS gateway
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json ./
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=15s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/main.js"]
