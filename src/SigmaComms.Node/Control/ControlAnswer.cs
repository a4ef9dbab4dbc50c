using System.Text.Json;
using SigmaComms.Messaging.Links;
using SigmaComms.Node.Configuration;
using SigmaComms.Node.Nodes;
using SigmaComms.Node.Terminal;
using SigmaComms.Node.Web;

namespace SigmaComms.Node.Control;

/// <summary>What one node says of how it stands in the control log.</summary>
/// <param name="Name">The node's name, or where it was asked.</param>
/// <param name="Status">Its answer; null if there is none.</param>
/// <param name="Fault">Why there is none.</param>
internal sealed record ControlAnswer(string Name, JsonElement? Status, CommandException? Fault)
{
    /// <summary>Whether it follows the log.</summary>
    public bool IsWell => Status is { } status && StatusText.Text(status, "state") == "running";

    /// <summary>Asks a node of this data folder through the socket there.</summary>
    public static Task<ControlAnswer> OfAsync(LocalNode node, CancellationToken stop)
    {
        ControlClient client = new(node);
        return OfAsync(node.Name, client, client.StatusAsync, stop);
    }

    /// <summary>Asks a node anywhere, where it answers operators; the token comes from the environment.</summary>
    public static Task<ControlAnswer> OfAsync(NodeEndpoint operations, CancellationToken stop)
    {
        string? token = new OperationsConfiguration()
            .WithEnvironment(static name => name == OperationsConfiguration.ListenVariable
                ? "off"
                : Environment.GetEnvironmentVariable(name))
            .ReadToken(Environment.GetEnvironmentVariable);
        OperatorClient client = new(operations, token);
        return OfAsync(operations.ToString(), client, client.ControlAsync, stop);
    }

    private static async Task<ControlAnswer> OfAsync(
        string name, IDisposable client, Func<CancellationToken, Task<JsonElement>> ask, CancellationToken stop)
    {
        using (client)
        {
            try
            {
                return new ControlAnswer(name, await ask(stop), null);
            }
            catch (CommandException fault)
                when (fault.ExitCode is ExitCode.Unavailable or ExitCode.NotAuthorised)
            {
                return new ControlAnswer(name, null, fault);
            }
        }
    }
}
