using System.Globalization;
using System.Text.Json;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Configuration;

/// <summary>Where a node's logs, figures and spans go: "telemetry" in node.json, each with a twin variable.</summary>
internal sealed record TelemetryConfiguration
{
    /// <summary>Names of the twins in the environment.</summary>
    public const string SeqVariable = "SIGMA_SEQ_URL";
    public const string ApiKeyVariable = "SIGMA_SEQ_API_KEY";
    public const string ApiKeyFileVariable = "SIGMA_SEQ_API_KEY_FILE";
    public const string SpoolVariable = "SIGMA_SEQ_SPOOL_MEGABYTES";
    public const string TracesVariable = "SIGMA_SEQ_TRACES_PERCENT";
    public const string LogFileVariable = "SIGMA_LOG_FILE";
    public const string LogFileMegabytesVariable = "SIGMA_LOG_FILE_MEGABYTES";
    public const string LogFilesMaxVariable = "SIGMA_LOG_FILES_MAX";

    /// <summary>The server that takes OTLP below /ingest/otlp, such as http://127.0.0.1:5341; null: none.</summary>
    public Uri? Seq { get; init; }

    /// <summary>The file whose first line is the server's API key; null: none, or in the environment.</summary>
    public string? ApiKeyFile { get; init; }

    /// <summary>What is kept on disk at most while the server does not answer, 1 to 65,536. Default 256.</summary>
    public int SpoolMegabytes { get; init; } = 256;

    /// <summary>How many of a hundred requests are traced, 0 to 100. Default 1.</summary>
    public int TracesPercent { get; init; } = 1;

    /// <summary>When a new log file begins. Default: every day.</summary>
    public LogFileRolling LogFile { get; init; } = LogFileRolling.Day;

    /// <summary>The size of a full log file, 1 to 4,096. Default 64.</summary>
    public int LogFileMegabytes { get; init; } = 64;

    /// <summary>Log files that are kept, 1 to 10,000. Default 14.</summary>
    public int LogFilesMax { get; init; } = 14;

    /// <summary>Takes it from its object.</summary>
    public static TelemetryConfiguration Read(ConfigurationObject source)
    {
        TelemetryConfiguration standard = new();
        return new TelemetryConfiguration
        {
            Seq = source.OptionalText("seq") is { } url
                ? ParseUrl(url) ?? throw source.Fault(".seq", $"is \"{url}\", wanted is http(s)://host:port")
                : null,
            ApiKeyFile = source.OptionalText("apiKeyFile"),
            SpoolMegabytes = source.Number("spoolMegabytes", 1, 65_536, standard.SpoolMegabytes),
            TracesPercent = source.Number("tracesPercent", 0, 100, standard.TracesPercent),
            LogFile = source.OptionalText("logFile") is { } rolling
                ? ParseRolling(rolling)
                    ?? throw source.Fault(".logFile", $"is \"{rolling}\", wanted is off, hour, day or size")
                : standard.LogFile,
            LogFileMegabytes = source.Number("logFileMegabytes", 1, 4_096, standard.LogFileMegabytes),
            LogFilesMax = source.Number("logFilesMax", 1, 10_000, standard.LogFilesMax),
        };
    }

    /// <summary>The same with what the environment says, which wins.</summary>
    /// <param name="environment">Finds a variable's value.</param>
    /// <exception cref="CommandException">A variable is not usable.</exception>
    public TelemetryConfiguration WithEnvironment(Func<string, string?> environment)
    {
        TelemetryConfiguration changed = this with
        {
            Seq = Text(environment, SeqVariable) is { } url
                ? ParseUrl(url) ?? throw Fault(SeqVariable, url, "http(s)://host:port")
                : Seq,
            ApiKeyFile = Text(environment, ApiKeyFileVariable) ?? ApiKeyFile,
            SpoolMegabytes = Number(environment, SpoolVariable, 1, 65_536) ?? SpoolMegabytes,
            TracesPercent = Number(environment, TracesVariable, 0, 100) ?? TracesPercent,
            LogFile = Text(environment, LogFileVariable) is { } rolling
                ? ParseRolling(rolling) ?? throw Fault(LogFileVariable, rolling, "off, hour, day or size")
                : LogFile,
            LogFileMegabytes = Number(environment, LogFileMegabytesVariable, 1, 4_096) ?? LogFileMegabytes,
            LogFilesMax = Number(environment, LogFilesMaxVariable, 1, 10_000) ?? LogFilesMax,
        };
        return changed;
    }

    /// <summary>The server's API key from the environment or the file; null if there is none.</summary>
    /// <param name="environment">Finds a variable's value.</param>
    /// <exception cref="CommandException">The file cannot be read, or the key would be seen by others.</exception>
    public string? ReadApiKey(Func<string, string?> environment)
    {
        string? key = Text(environment, ApiKeyVariable) is not { } given
            ? ApiKeyFile is { } file ? SecretFile.FirstLine(file) : null
            : SecretFile.IsUsable(given)
            ? given
            : throw new CommandException(
                ExitCode.Usage, $"cannot use {ApiKeyVariable}",
                "it is not one line of printable characters without a blank", "correct or unset it");
        if (key is not null && Seq is { IsLoopback: false, Scheme: "http" })
        {
            throw new CommandException(
                ExitCode.Usage,
                $"will not send the API key to {Seq}",
                "over http everybody in between could read it",
                "use https, or a server on this machine");
        }

        return key;
    }

    /// <summary>A server's address, or null if it is none. A password in it would end up in logs.</summary>
    public static Uri? ParseUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https" && url.UserInfo == ""
            ? url
            : null;

    /// <summary>Writes what differs from the default.</summary>
    public void Save(Utf8JsonWriter writer)
    {
        if (this == new TelemetryConfiguration())
        {
            return;
        }

        writer.WriteStartObject("telemetry");
        if (Seq is not null)
        {
            writer.WriteString("seq", Seq.OriginalString);
        }

        if (ApiKeyFile is not null)
        {
            writer.WriteString("apiKeyFile", ApiKeyFile);
        }

        writer.WriteNumber("spoolMegabytes", SpoolMegabytes);
        writer.WriteNumber("tracesPercent", TracesPercent);
        writer.WriteString("logFile", LogFile.ToString().ToLowerInvariant());
        writer.WriteNumber("logFileMegabytes", LogFileMegabytes);
        writer.WriteNumber("logFilesMax", LogFilesMax);
        writer.WriteEndObject();
    }

    private static string? Text(Func<string, string?> environment, string variable) =>
        environment(variable) is { Length: > 0 } value ? value : null;

    private static int? Number(Func<string, string?> environment, string variable, int min, int max)
    {
        if (Text(environment, variable) is not { } text)
        {
            return null;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && number >= min && number <= max
            ? number
            : throw Fault(variable, text, $"a whole number from {min} to {max}");
    }

    private static LogFileRolling? ParseRolling(string text) => text switch
    {
        "off" => LogFileRolling.Off,
        "hour" => LogFileRolling.Hour,
        "day" => LogFileRolling.Day,
        "size" => LogFileRolling.Size,
        _ => null,
    };

    private static CommandException Fault(string variable, string value, string wanted) => new(
        ExitCode.Usage, $"cannot use {variable}", $"it is \"{value}\", wanted is {wanted}", "correct or unset it");
}
