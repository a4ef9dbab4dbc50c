using System.Text.Json;
using Microsoft.Extensions.Logging;
using SigmaComms.Cluster;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Node.Configuration;

/// <summary>How to run one node: node.json in its folder.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Listen">Where it listens.</param>
/// <param name="Advertise">Where others reach it.</param>
/// <param name="Seeds">Nodes that it joins through; may be empty.</param>
/// <param name="LogLevel">What it logs at least. Default information.</param>
internal sealed record NodeConfiguration(
    string Name, NodeEndpoint Listen, NodeEndpoint Advertise, IReadOnlyList<SeedNode> Seeds, LogLevel LogLevel)
{
    /// <summary>Where its logs, figures and spans go.</summary>
    public TelemetryConfiguration Telemetry { get; init; } = new();

    /// <summary>Where it answers its operators.</summary>
    public OperationsConfiguration Operations { get; init; } = new();

    /// <summary>Its part in the control log.</summary>
    public ControlConfiguration Control { get; init; } = new();

    /// <summary>Where and how it keeps fragments of vaults.</summary>
    public StorageConfiguration Storage { get; init; } = new();

    /// <summary>The server that keeps its journal. Default: null, a file in its folder.</summary>
    public StoreChoice? Store { get; init; }

    /// <summary>Takes a configuration from the file's outermost object.</summary>
    public static NodeConfiguration Read(ConfigurationObject root)
    {
        PlannedNode node = PlannedNode.Read(root);
        IReadOnlyList<SeedNode> seeds =
            root.Objects("seeds", seed => new SeedNode(seed.Id("id"), seed.Endpoint("endpoint")));
        string level = root.OptionalText("logLevel") ?? "information";
        LogLevel? parsed = level switch
        {
            "trace" => LogLevel.Trace,
            "debug" => LogLevel.Debug,
            "information" => LogLevel.Information,
            "warning" => LogLevel.Warning,
            "error" => LogLevel.Error,
            _ => null,
        };
        return new NodeConfiguration(
            node.Name,
            node.Listen,
            node.Advertise,
            seeds,
            parsed ?? throw root.Fault(".logLevel",
                $"is \"{level}\", wanted is trace, debug, information, warning or error"))
        {
            Telemetry = root.OptionalObject("telemetry", TelemetryConfiguration.Read) ?? new TelemetryConfiguration(),
            Operations = node.Operations,
            Control = root.OptionalObject("control", ControlConfiguration.Read) ?? new ControlConfiguration(),
            Storage = node.Storage,
            Store = StoreChoice.Read(root),
        };
    }

    /// <summary>The same with what the environment says, which wins.</summary>
    /// <param name="environment">Finds a variable's value.</param>
    public NodeConfiguration WithEnvironment(Func<string, string?> environment) => this with
    {
        Telemetry = Telemetry.WithEnvironment(environment),
        Operations = Operations.WithEnvironment(environment),
    };

    /// <summary>The configuration of a planned node with the usual level of logs.</summary>
    public static NodeConfiguration Of(PlannedNode node, IReadOnlyList<SeedNode> seeds) =>
        new(node.Name, node.Listen, node.Advertise, seeds, LogLevel.Information)
        {
            Operations = node.Operations, Storage = node.Storage,
        };

    /// <summary>Writes the file anew.</summary>
    public void Save(string path) => JsonFile.Write(path, writer =>
    {
        writer.WriteString("name", Name);
        writer.WriteString("listen", Listen.ToString());
        writer.WriteString("advertise", Advertise.ToString());
        writer.WriteStartArray("seeds");
        foreach (SeedNode seed in Seeds)
        {
            writer.WriteStartObject();
            writer.WriteString("id", seed.Id.ToString());
            writer.WriteString("endpoint", seed.Endpoint.ToString());
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteString("logLevel", JsonNamingPolicy.CamelCase.ConvertName(LogLevel.ToString()));
        Operations.Save(writer);
        Telemetry.Save(writer);
        Control.Save(writer);
        Storage.Save(writer);
        Store?.Write(writer);
    });
}
