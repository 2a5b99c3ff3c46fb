// A mail server that takes what comes and says so, a line of JSON for each; and refuses now and then, as the address asks for. Run by tests/Api.Tests/Notifications.
import { simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";

const tried = new Map();                  // by address: how often somebody wanted to write to it

function refusal(address) {
  const times = (tried.get(address) ?? 0) + 1;
  tried.set(address, times);
  if (address.startsWith("nobody@")) return Object.assign(new Error("nobody of that name"), { responseCode: 550 });
  if (address.startsWith("later@") && times === 1) return Object.assign(new Error("come again"), { responseCode: 451 });
  return null;
}

const login = process.argv.includes("--login");
const server = new SMTPServer({
  authOptional: !login,
  allowInsecureAuth: true,
  hideSTARTTLS: process.argv.includes("--plain"),
  disabledCommands: login ? [] : ["AUTH"],
  onAuth: ({ username, password }, _, done) =>
    username === "crm" && password === "correct horse" ? done(null, { user: username }) : done(Object.assign(new Error("who are you"), { responseCode: 535 })),
  onRcptTo: ({ address }, _, done) => done(refusal(address)),
  onData: async (stream, session, done) => {
    const mail = await simpleParser(stream);
    const header = (name) => mail.headerLines.find((line) => line.key === name)?.line.replace(/^[^:]*:\s*/, "").replace(/\r?\n\s+/g, " ");
    console.log(JSON.stringify({
      to: session.envelope.rcptTo.map(({ address }) => address),
      from: mail.from.text,
      id: mail.messageId,
      subject: mail.subject,
      text: mail.text,
      html: mail.html || null,
      unsubscribe: header("list-unsubscribe") ?? null,
      oneClick: header("list-unsubscribe-post") ?? null,
      automatic: header("auto-submitted") ?? null
    }));
    done();
  }
});
server.listen(0, "127.0.0.1", () => console.log(server.server.address().port));
