// Holds events against the JSON Schemas that are served for them. The file named on the command line has both; what is wrong is printed.
import { readFileSync } from "node:fs";
import Ajv from "ajv/dist/2020.js";
import formats from "ajv-formats";

const { schemas, items } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const ajv = new Ajv({ allErrors: true });
formats(ajv);
ajv.addVocabulary(["x-extensible-enum", "x-personal"]);
const check = Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, ajv.compile(schema)]));
let wrong = 0;
for (const { schema, data } of items) {
  if (!check[schema](data)) {
    wrong++;
    console.error(schema, JSON.stringify(data), ajv.errorsText(check[schema].errors));
  }
}

console.log(`${items.length} events, ${wrong} wrong`);
process.exit(wrong === 0 ? 0 : 1);
