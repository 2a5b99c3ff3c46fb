# The API. The database is another container: see compose.yaml.
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /src
COPY . .
RUN dotnet publish src/Api -c Release -o /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /app .
# Attached files, on a volume that is whoever runs this.
RUN mkdir /contents && chown $APP_UID /contents
USER $APP_UID
ENTRYPOINT ["dotnet", "Crm.Api.dll"]
CMD ["serve"]
