using Crm.Api.Ops;

return await CommandLine.Run(args);
