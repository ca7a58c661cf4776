// Copyright (c) 2026, the netapi.auth authors
// GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// node server.mjs DIRECTORY, with the `node_modules` of that directory: see ../openid/README.md.

import { createHash, generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { setTimeout as sleep } from "node:timers/promises";

const { default: Provider } = createRequire(`${process.argv[2]}/`)("oidc-provider");

const HOST = "127.0.0.1";
const API = "https://api.example.com";
const ACCESS_TOKEN_SECONDS = 3600;
const SCOPE = "openid offline_access peers:read peers:write";

const person = { grant_types: ["refresh_token"], response_types: [], redirect_uris: [], scope: SCOPE };
const machine = { ...person, grant_types: ["client_credentials"], scope: "peers:read peers:write" };
const known = [
  { client_id: "netbird-offline", client_secret: "offline-secret", auth_method: "client_secret_basic" },
  { client_id: "netbird-offline-post", client_secret: "offline-post-secret", auth_method: "client_secret_post" },
  { client_id: "netbird-public", client_secret: null, auth_method: "none" },
  { client_id: "netbird-machine", client_secret: "machine-secret", auth_method: "client_secret_basic" },
  { client_id: "netbird-machine-opaque", client_secret: "machine-opaque-secret", auth_method: "client_secret_basic" },
];
// One for each way to show a client, named after it, for each grant.
const each = { ...person, grant_types: ["client_credentials", "refresh_token"] };
const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
const ways = ["client_secret_basic", "client_secret_post", "client_secret_jwt", "private_key_jwt"];
known.push(
  ...ways.map((way) => ({
    client_id: way,
    client_secret: way === "private_key_jwt" ? null : "a-secret-that-is-long-enough-to-sign",
    private_key: way === "private_key_jwt" ? pair.privateKey.export({ type: "pkcs8", format: "pem" }) : null,
    auth_method: way,
  })),
);
const keys = { jwks: { keys: [pair.publicKey.export({ format: "jwk" })] } };
const clients = known.map(({ client_id: id, client_secret: secret, auth_method: method, private_key: key }) => ({
  client_id: id,
  client_secret: secret ?? undefined,
  token_endpoint_auth_method: method,
  ...(key ? keys : {}),
  ...(ways.includes(id) ? each : id.includes("machine") ? machine : person),
}));

const jwk = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" });
const configuration = {
  clients,
  jwks: { keys: [{ ...jwk, use: "sig", alg: "RS256", kid: "tests" }] },
  cookies: { keys: ["of the tests"] },
  scopes: SCOPE.split(" "),
  ttl: {
    AccessToken: ACCESS_TOKEN_SECONDS,
    ClientCredentials: ACCESS_TOKEN_SECONDS,
    IdToken: 20,
  },
  // Each refresh token has one use; a second ends all tokens of its grant.
  rotateRefreshToken: true,
  features: {
    clientCredentials: { enabled: true },
    devInteractions: { enabled: false },
    revocation: { enabled: true, allowedPolicy: (ctx, client, token) => token.clientId === client.clientId },
    resourceIndicators: {
      enabled: true,
      // As behind an API gateway: access tokens are of the one API, and so JWTs.
      defaultResource: (ctx, client) => (client.clientId === "netbird-machine-opaque" ? undefined : API),
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({
        scope: "peers:read peers:write",
        audience: API,
        accessTokenFormat: "jwt",
        accessTokenTTL: ACCESS_TOKEN_SECONDS,
      }),
    },
  },
};

const hash = (text) => (text ? createHash("sha256").update(text).digest("hex") : null);
const asked = [];
const faults = [];
const held = [];

async function mint(provider, { client_id: clientId }) {
  const client = await provider.Client.find(clientId);
  const grant = new provider.Grant({ accountId: "ada", clientId });
  grant.addOIDCScope("openid offline_access");
  grant.addResourceScope(API, "peers:read peers:write");
  const grantId = await grant.save();
  const entry = { accountId: "ada", client, grantId, scope: SCOPE, resource: API, gty: "authorization_code" };
  return { refresh_token: await new provider.RefreshToken(entry).save() };
}

// What the tests ask and tell; none of it is a part of OAuth.
async function control(provider, ctx) {
  const chunks = [];
  for await (const chunk of ctx.req) chunks.push(chunk);
  const said = chunks.length ? JSON.parse(Buffer.concat(chunks)) : {};
  const answers = {
    "/tests/refresh-token": () => mint(provider, said),
    "/tests/requests": () => asked,
    "/tests/faults": () => faults.push(...said.faults),
    "/tests/release": () => held.splice(0).map((go) => go()).length,
    "/tests/reset": () => [asked, faults].map((list) => list.splice(0).length),
  };
  ctx.body = JSON.stringify(await answers[ctx.path]());
  ctx.type = "json";
}

function note(ctx) {
  const { params = {}, client } = ctx.oidc ?? {};
  asked.push({
    path: ctx.path,
    client_id: client?.clientId ?? null,
    refresh_token: hash(params.refresh_token),
    successor: hash(ctx.body?.refresh_token),
    status: ctx.status,
    error: ctx.body?.error ?? null,
    fault: ctx.state.fault ?? null,
  });
}

// What happens to an answer when the provider has done its work.
async function spoil(ctx) {
  if (ctx.state.fault === "held") await new Promise((go) => held.push(go));
  if (ctx.state.fault === "slow") await sleep(2_000);
}

async function watch(provider, ctx, next) {
  if (ctx.path.startsWith("/tests/")) return control(provider, ctx);
  if (ctx.method === "POST" && ctx.path === "/token") ctx.state.fault = faults.shift();
  await next();
  if (ctx.method !== "POST") return undefined;
  note(ctx);
  return spoil(ctx);
}

const server = createServer();
server.listen(0, HOST, () => {
  const provider = new Provider(`http://${HOST}:${server.address().port}`, configuration);
  provider.use((ctx, next) => watch(provider, ctx, next));
  provider.on("server_error", (ctx, error) => console.error(error));
  server.on("request", provider.callback());
  console.log(JSON.stringify({ issuer: provider.issuer, token_endpoint: `${provider.issuer}/token`, clients: known }));
});
// Whoever has started it keeps its standard input open for as long as it lives.
process.stdin.on("end", () => process.exit(0)).resume();
