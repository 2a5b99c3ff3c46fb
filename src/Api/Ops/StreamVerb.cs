using System.CommandLine;
using System.Text;
using Crm.EventModel;

namespace Crm.Api.Ops;

/// <summary>Shows the events of one stream as they are stored.</summary>
public static class StreamVerb
{
    public static Command Make()
    {
        var id = new Argument<Guid>("id") { Description = "The stream: the id of a lead, a customer or an opportunity." };
        var tenant = new Option<string>("--tenant") { Description = "Whose stream.", DefaultValueFactory = _ => Caller.Developer.Tenant };
        var verb = new Command("stream", "Print a stream's events, in the order of recording, one JSON object a line.") { id, tenant };
        verb.SetAction((parsed, ct) => CommandLine.Guard(async () =>
        {
            await using var engine = await Engine.Open(CommandLine.Settings(), CommandLine.Say, ct);
            var events = await engine.Store.ReadStream(parsed.GetRequiredValue(tenant), parsed.GetRequiredValue(id), null, ct);
            foreach (var e in events)
            {
                var data = e.Data is UnknownEvent unknown ? unknown.Json : Encoding.UTF8.GetString(engine.Store.Types.Write(e.Data));
                Console.WriteLine($$"""
                    {"version":{{e.Version}},"position":{{e.Position}},"type":"{{e.TypeName}}","id":"{{e.EventId}}","recordedAt":"{{e.RecordedAt.UtcDateTime:o}}","occurredAt":"{{e.OccurredAt.UtcDateTime:o}}","actor":"{{e.Metadata.Actor}}","data":{{data}}}
                    """);
            }

            if (events.Count == 0)
            {
                Console.Error.WriteLine("There is no such stream.");
            }

            return events.Count == 0 ? 1 : 0;
        }));
        return verb;
    }
}
