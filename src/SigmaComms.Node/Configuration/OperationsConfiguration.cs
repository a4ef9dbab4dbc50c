using System.Globalization;
using System.Net;
using System.Text.Json;
using SigmaComms.Messaging.Links;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Configuration;

/// <summary>Where a node answers its operators: "operations" in node.json, each with a twin variable.</summary>
internal sealed record OperationsConfiguration
{
    /// <summary>Names of the twins in the environment.</summary>
    public const string ListenVariable = "SIGMA_OPERATIONS_LISTEN";
    public const string TokenVariable = "SIGMA_OPERATIONS_TOKEN";
    public const string TokenFileVariable = "SIGMA_OPERATIONS_TOKEN_FILE";
    public const string HealthWindowVariable = "SIGMA_HEALTH_WINDOW_SECONDS";

    private const int HealthWindowMin = 1;
    private const int HealthWindowMax = 3_600;
    private const int HealthWindowUsual = 300;

    /// <summary>An IP address of this machine and a port; null: HTTP for operators is off.</summary>
    public NodeEndpoint? Listen { get; init; }

    /// <summary>The file whose first line must come with each request as a bearer token.</summary>
    public string? TokenFile { get; init; }

    /// <summary>How long a failure counts against the node's health, 1 to 3,600 s. Default 300 s.</summary>
    public int HealthWindowSeconds { get; init; } = HealthWindowUsual;

    /// <summary>Takes it from its object.</summary>
    public static OperationsConfiguration Read(ConfigurationObject source) => new()
    {
        Listen = source.OptionalEndpoint("listen"),
        TokenFile = source.OptionalText("tokenFile"),
        HealthWindowSeconds = source.Number(
            "healthWindowSeconds", HealthWindowMin, HealthWindowMax, HealthWindowUsual),
    };

    /// <summary>The same with what the environment says, which wins; "off" turns it off.</summary>
    /// <exception cref="CommandException">A variable is not usable.</exception>
    public OperationsConfiguration WithEnvironment(Func<string, string?> environment)
    {
        string? listen = environment(ListenVariable);
        NodeEndpoint? endpoint = Listen;
        if (listen == "off")
        {
            endpoint = null;
        }
        else if (!string.IsNullOrEmpty(listen) && !NodeEndpoint.TryParse(listen, out endpoint))
        {
            throw new CommandException(
                ExitCode.Usage,
                $"cannot use {ListenVariable}",
                $"it is \"{listen}\", wanted is address:port or off",
                "correct or unset it");
        }

        return new OperationsConfiguration
        {
            HealthWindowSeconds = HealthWindow(environment) ?? HealthWindowSeconds,
            Listen = endpoint,
            TokenFile = environment(TokenFileVariable) is { Length: > 0 } file ? file : TokenFile,
        };
    }

    /// <summary>The token; null if none is asked for.</summary>
    /// <exception cref="CommandException">Not loopback and no token, or it cannot be read.</exception>
    public string? ReadToken(Func<string, string?> environment)
    {
        string? token = environment(TokenVariable) is { Length: > 0 } value ? value
            : TokenFile is { } file ? SecretFile.FirstLine(file)
            : null;
        if (token is null && Listen is not null && !IsLoopback)
        {
            throw new CommandException(
                ExitCode.Usage,
                $"will not answer operators at {Listen}",
                "others than this machine could ask, and no token is configured",
                "set operations.tokenFile in node.json, or listen on 127.0.0.1");
        }

        return token;
    }

    /// <summary>Whether only this machine can ask.</summary>
    public bool IsLoopback => Listen is { } listen
        && (listen.Host == "localhost"
            || (IPAddress.TryParse(listen.Host, out IPAddress? address) && IPAddress.IsLoopback(address)));

    /// <summary>Writes it, if there is something to write.</summary>
    public void Save(Utf8JsonWriter writer)
    {
        if (this == new OperationsConfiguration())
        {
            return;
        }

        writer.WriteStartObject("operations");
        if (Listen is not null)
        {
            writer.WriteString("listen", Listen.ToString());
        }

        if (TokenFile is not null)
        {
            writer.WriteString("tokenFile", TokenFile);
        }

        if (HealthWindowSeconds != HealthWindowUsual)
        {
            writer.WriteNumber("healthWindowSeconds", HealthWindowSeconds);
        }

        writer.WriteEndObject();
    }

    private static int? HealthWindow(Func<string, string?> environment)
    {
        string? text = environment(HealthWindowVariable);
        return string.IsNullOrEmpty(text) ? null
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds)
                && seconds is >= HealthWindowMin and <= HealthWindowMax
            ? seconds
            : throw new CommandException(
                ExitCode.Usage,
                $"cannot use {HealthWindowVariable}",
                $"it is \"{text}\", wanted is {HealthWindowMin} to {HealthWindowMax}",
                "correct or unset it");
    }
}
