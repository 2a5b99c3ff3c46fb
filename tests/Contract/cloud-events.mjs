// Reads CloudEvents as their own library does: the file named on the command line has requests or answers, each with its headers and its body.
import { readFileSync } from "node:fs";
import { HTTP } from "cloudevents";

let read = 0;
for (const message of JSON.parse(readFileSync(process.argv[2], "utf8"))) {
  const events = HTTP.toEvent(message);
  for (const event of Array.isArray(events) ? events : [events]) {
    event.validate();
    read++;
  }
}

console.log(`${read} events`);
