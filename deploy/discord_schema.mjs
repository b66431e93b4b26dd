// Writes the JSON Schema of what a bot sends to Discord: `node discord_schema.mjs NAME ...`, names as in Discord's OpenAPI.
import * as spec from "discord-api-spec/zod";
import { registry as makeRegistry, toJSONSchema } from "zod/v4/core";

const registry = makeRegistry();
for (const [name, schema] of Object.entries(spec)) {
  if (name.endsWith("Schema")) registry.add(schema, { id: name.slice(0, -"Schema".length) });
}
const { schemas } = toJSONSchema(registry, { io: "input", unrepresentable: "any", uri: (name) => `#/$defs/${name}` });

function closed(node) {
  // Discord ignores keys that it does not know; a bot that sends one has made a mistake.
  if (Array.isArray(node)) return node.map(closed);
  if (node === null || typeof node !== "object") return node;
  const { $id, $schema, ...rest } = node;
  const made = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, closed(value)]));
  // An alternative that takes anything would make the others say nothing.
  if (made.anyOf) made.anyOf = made.anyOf.filter((alternative) => Object.keys(alternative).length);
  if (made.type === "object" && made.properties && !("additionalProperties" in made)) made.additionalProperties = false;
  return made;
}

function references(node) {
  if (node === null || typeof node !== "object") return [];
  const own = typeof node.$ref === "string" ? [node.$ref.slice("#/$defs/".length)] : [];
  return [...own, ...Object.values(node).flatMap(references)];
}

const definitions = {};
const left = process.argv.slice(2);
while (left.length) {
  const name = left.pop();
  if (name in definitions) continue;
  if (!(name in schemas)) throw new Error(`Discord's specification has no ${name}.`);
  definitions[name] = closed(schemas[name]);
  left.push(...references(definitions[name]));
}
const sorted = Object.fromEntries(Object.entries(definitions).sort(([a], [b]) => (a < b ? -1 : 1)));
console.log(JSON.stringify({ $schema: "https://json-schema.org/draft/2020-12/schema", $defs: sorted }, null, 1));
