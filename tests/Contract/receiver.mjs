// A receiver of webhooks that verifies what it gets with the libraries of others, and now and then fails. Run by tests/Api.Tests/Webhooks.
import http from "node:http";
import { Webhook as Standard } from "standardwebhooks";
import { Webhook as Svix } from "svix";

const secrets = [];                       // the one in use, last
const seen = [];                          // each request: what it was, and what became of it
let requests = 0;

function verdict(body, headers) {
  const secret = secrets.at(-1);
  const failed = [];
  for (const [name, Library] of [["standardwebhooks", Standard], ["svix", Svix]]) {
    try {
      new Library(secret).verify(body, headers);
    } catch (error) {
      failed.push(`${name}: ${error.message}`);
    }
  }
  return failed;
}

function report() {
  const taken = new Map();                // by webhook-id: the event, when it was taken first
  const ofRecord = new Map();             // by record: versions in the order in which they were first taken
  for (const { id, event, status } of seen) {
    if (status === 200 && !taken.has(id)) {
      taken.set(id, event);
      ofRecord.set(event.partitionkey, [...(ofRecord.get(event.partitionkey) ?? []), event.streamversion]);
    }
  }
  const idsOf = new Map();
  for (const { id, event } of seen) idsOf.set(event.id, new Set([...(idsOf.get(event.id) ?? []), id]));
  return {
    requests: seen.length,
    verified: seen.filter((one) => one.failed.length === 0).length,
    failed: [...new Set(seen.flatMap((one) => one.failed))],
    refused: seen.filter((one) => one.status !== 200).length,
    taken: taken.size,
    events: [...taken.values()].map((event) => `${event.partitionkey} ${event.streamversion}`),
    eventsWithManyIds: [...idsOf.values()].filter((ids) => ids.size > 1).length,
    disordered: [...ofRecord.values()].filter((versions) => versions.some((version, i) => version !== i + 1)).length
  };
}

const server = http.createServer((request, response) => {
  let body = "";
  request.setEncoding("utf8");
  request.on("data", (part) => (body += part));
  request.on("end", () => {
    if (request.url === "/secret") {
      secrets.push(body);
      response.end();
    } else if (request.url === "/report") {
      response.end(JSON.stringify(report()));
    } else {
      requests += 1;
      const failed = verdict(body, request.headers);
      const id = request.headers["webhook-id"];
      // One in twenty is lost after it came, one in twenty is refused; each once, since a third attempt takes minutes.
      const isFirst = !seen.some((one) => one.id === id);
      const lost = isFirst && requests % 20 === 7;
      const status = failed.length > 0 ? 401 : lost || (isFirst && requests % 20 === 13) ? 500 : 200;
      seen.push({ id, event: JSON.parse(body), failed, status });
      if (lost) request.socket.destroy();
      else response.writeHead(status).end();
    }
  });
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
