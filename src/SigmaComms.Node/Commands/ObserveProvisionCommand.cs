using System.CommandLine;
using System.Text.Json;
using SigmaComms.Node.Configuration;
using SigmaComms.Node.Seq;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Commands;

/// <summary>sigma observe provision.</summary>
internal sealed class ObserveProvisionCommand : Verb
{
    private const int SecondsDefault = 10;

    private readonly Option<string?> _seq = new("--seq")
    {
        Description = $"The server, such as http://127.0.0.1:5341 [env: {TelemetryConfiguration.SeqVariable}]",
        HelpName = "URL",
    };

    private readonly Option<string?> _apiKeyFile = new("--api-key-file")
    {
        Description = "The first line is an API key with the permissions Read, Write and Project "
            + $"[env: {TelemetryConfiguration.ApiKeyFileVariable}; the key: {TelemetryConfiguration.ApiKeyVariable}]",
        HelpName = "FILE",
    };

    private readonly Option<string?> _templates = new("--templates")
    {
        Description = "Other templates than those built in, as files *.template",
        HelpName = "FOLDER",
    };

    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Only tell what would be done" };

    private readonly CountOption _timeout =
        new("--timeout", "SECONDS", $"How long one answer may take, {SecondsDefault} if it is not given");

    public ObserveProvisionCommand()
        : base(
            "provision",
            "Brings workspace, signals, dashboards, alerts and retention for Sigma's events into Seq. Run again, it "
                + "updates them; what was set on the server for alerts and retention stays. Exits with 7 when some "
                + "failed.",
            "sigma observe provision --seq http://127.0.0.1:5341",
            "sigma observe provision --seq https://seq.example.org --api-key-file seq.key --dry-run")
    {
        Add(_seq);
        Add(_apiKeyFile);
        Add(_templates);
        Add(_dryRun);
        Add(_timeout);
        Runs(RunAsync);
    }

    private async Task<ExitCode> RunAsync(CommandContext context)
    {
        bool isDryRun = context.Arguments.GetValue(_dryRun);
        IReadOnlyList<SeqTemplate> templates = context.Arguments.GetValue(_templates) is { } folder
            ? SeqTemplateSet.Load(folder)
            : SeqTemplateSet.BuiltIn();
        (Uri server, string? apiKey) = ServerOf(context);
        TimeSpan patience = TimeSpan.FromSeconds(context.Arguments.GetValue(_timeout) ?? SecondsDefault);
        using SeqApi api = new(server, apiKey, patience);
        IReadOnlyList<ProvisionedEntity> results = await RunAsync(api, isDryRun, templates, context.Stop);
        Show(context.Output, server, isDryRun, results);
        return CodeOf(results);
    }

    private static async Task<IReadOnlyList<ProvisionedEntity>> RunAsync(
        SeqApi api, bool isDryRun, IReadOnlyList<SeqTemplate> templates, CancellationToken stop)
    {
        try
        {
            return await new SeqProvisioning(api, isDryRun).RunAsync(templates, stop);
        }
        catch (SeqRefusedException refused)
        {
            throw NotAuthorised(refused.Message, refused);
        }
    }

    // The command line wins over the environment, also where one names a file and the other has the key itself.
    private (Uri Server, string? ApiKey) ServerOf(CommandContext context)
    {
        string? keyFile = context.Arguments.GetValue(_apiKeyFile);
        if (context.Arguments.GetValue(_seq) is { } named && TelemetryConfiguration.ParseUrl(named) is null)
        {
            throw new CommandException(
                ExitCode.Usage, "cannot use --seq", $"it is \"{named}\", wanted is http(s)://host:port", "correct it");
        }

        string? FromEnvironment(string name) => name switch
        {
            TelemetryConfiguration.SeqVariable =>
                context.Arguments.GetValue(_seq) ?? Environment.GetEnvironmentVariable(name),
            TelemetryConfiguration.ApiKeyFileVariable => keyFile ?? Environment.GetEnvironmentVariable(name),
            TelemetryConfiguration.ApiKeyVariable when keyFile is null => Environment.GetEnvironmentVariable(name),
            _ => null,
        };
        TelemetryConfiguration configuration = new TelemetryConfiguration().WithEnvironment(FromEnvironment);
        return configuration.Seq is { } server
            ? (server, configuration.ReadApiKey(FromEnvironment))
            : throw new CommandException(
                ExitCode.Usage, "no server to provision", "neither --seq nor SIGMA_SEQ_URL names one",
                "name it: sigma observe provision --seq http://127.0.0.1:5341");
    }

    private static ExitCode CodeOf(IReadOnlyList<ProvisionedEntity> results)
    {
        if (results.All(static result => result.IsDone))
        {
            return ExitCode.Ok;
        }

        if (results.Any(static result => result.IsDone))
        {
            return ExitCode.Partial;
        }

        ProvisionedEntity first = results[0];
        throw first.IsNotAuthorised
            ? NotAuthorised(first.Why!, null)
            : new CommandException(
                ExitCode.Failure, "nothing was provisioned", first.Why!, "correct that, and run it again");
    }

    private static CommandException NotAuthorised(string why, Exception? cause) => new(
        ExitCode.NotAuthorised, "Seq does not let this be done", why,
        "make an API key with the permissions Read, Write and Project, and name its file with --api-key-file", cause);

    private static void Show(Output output, Uri server, bool isDryRun, IReadOnlyList<ProvisionedEntity> results)
    {
        foreach (ProvisionedEntity result in results)
        {
            string kind = result.Template.Kind.ToString().ToLowerInvariant();
            string why = result.Why is null ? "" : $": {TerminalText.Plain(result.Why)}";
            string title = TerminalText.Plain(result.Template.Title);
            output.Line($"{WordOf(result.Outcome, isDryRun),-16}{kind,-16}{title}{why}");
        }

        output.Object(writer =>
        {
            writer.WriteString("seq", server.OriginalString);
            writer.WriteBoolean("dryRun", isDryRun);
            writer.WriteStartArray("entities");
            foreach (ProvisionedEntity result in results)
            {
                Write(writer, result);
            }

            writer.WriteEndArray();
        });
    }

    private static string WordOf(ProvisionOutcome outcome, bool isDryRun) => outcome switch
    {
        ProvisionOutcome.Created => isDryRun ? "would create" : "created",
        ProvisionOutcome.Updated => isDryRun ? "would update" : "updated",
        ProvisionOutcome.Left => "as it is",
        ProvisionOutcome.Failed => "failed",
        _ => "skipped",
    };

    private static void Write(Utf8JsonWriter writer, ProvisionedEntity result)
    {
        writer.WriteStartObject();
        writer.WriteString("template", result.Template.File);
        writer.WriteString("kind", result.Template.Kind.ToString().ToLowerInvariant());
        writer.WriteString("title", result.Template.Title);
        writer.WriteString("outcome", result.Outcome.ToString().ToLowerInvariant());
        if (result.Id is { } id)
        {
            writer.WriteString("id", id);
        }

        if (result.Why is { } why)
        {
            writer.WriteString("why", why);
        }

        writer.WriteEndObject();
    }
}
