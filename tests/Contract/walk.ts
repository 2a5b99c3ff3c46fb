// A lead becomes an order, through the client that openapi-typescript generates from the served document.
import createClient, { type Middleware } from "openapi-fetch";
import type { components, paths } from "./bin/api.js";

declare const process: { env: Record<string, string | undefined> };

const crm = createClient<paths>({ baseUrl: process.env.CRM_URL });
const key = process.env.CRM_KEY;
const signIn: Middleware = {
  onRequest({ request }) {
    if (key) request.headers.set("Authorization", `Bearer ${key}`);
    return request;
  }
};
crm.use(signIn);

function taken<T>({ data, error }: { data?: T; error?: components["schemas"]["Problem"] }): T {
  if (data === undefined) throw new Error(`${error?.code}: ${error?.detail}`);
  return data;
}

const lead = taken(await crm.POST("/api/v1/leads", {
  body: { source: "web", company: "苏州恒测仪器", contact: "王伟", employees: 240 },
  params: { header: { "Idempotency-Key": crypto.randomUUID() } }
}));

const { opportunityId: id } = taken(await crm.POST("/api/v1/leads/{id}/qualification", {
  params: { path: { id: lead.id } },
  body: { opportunityName: "Lathe line", amount: { amount: "1054000.00", currency: "CNY" } }
}));

const staged = await crm.POST("/api/v1/opportunities/{id}/stage", { params: { path: { id } }, body: { stage: "Engaging" } });
const version = staged.response.headers.get("ETag");
taken(staged);
if (!version) throw new Error("No ETag");
taken(await crm.POST("/api/v1/opportunities/{id}/win", {
  params: { path: { id }, header: { "If-Match": version } },
  body: { amount: { amount: "998000.00", currency: "CNY" }, reference: "PO-7" }
}));

const won = taken(await crm.GET("/api/v1/opportunities/{id}", { params: { path: { id } } }));
const late = await crm.POST("/api/v1/opportunities/{id}/stage", { params: { path: { id } }, body: { stage: "Prospecting" } });
console.log(JSON.stringify({ status: won.status, amount: won.amount, reference: won.reference, refused: late.error?.code }));
