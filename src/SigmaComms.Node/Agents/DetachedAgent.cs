using System.Diagnostics;
using System.Text.Json;
using SigmaComms.Client;
using SigmaComms.Cryptography;
using SigmaComms.Node.Commands;
using SigmaComms.Node.Identities;
using SigmaComms.Node.Processes;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Agents;

/// <summary>
/// An agent in the background. The password is asked for here, where a person is, and goes to it through a pipe; what
/// it writes, as JSON, is in agent.log of the identity's folder.
/// </summary>
internal sealed class DetachedAgent(CommandContext context, IdentityFolder folder)
{
    /// <summary>The name of the property that says the agent is connected.</summary>
    public const string Ready = "ready";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private string LogFile => Path.Combine(folder.Path, "agent.log");

    /// <summary>Starts it and waits until it is connected and known to the cluster.</summary>
    /// <param name="node">Name of the node to try first, or null.</param>
    /// <returns>The name of the node it is connected to.</returns>
    /// <exception cref="CommandException">It ended; this is its own fault. Or it took too long.</exception>
    public async Task<string> StartAsync(string? node)
    {
        string name = IdentityChoice.NameOf(folder);
        using SecretBytes password =
            await context.Password.ReadAsync($"the identity {name}", confirm: false, context.Stop);
        string[] preferred = node is null ? [] : ["--node", node];
        File.Delete(LogFile);
        using Process agent = SelfProcess.StartDetached(
            LogFile,
            [
                "agent", "--json", "--identity", name, "--home", context.Home.Root, "--cluster",
                Path.GetFullPath(context.ClusterFile), "--password-file", "/dev/stdin", .. preferred,
            ]);
        try
        {
            await GiveAsync(agent, password);
            return await WaitReadyAsync(agent);
        }
        catch
        {
            ProcessRecord.Of(agent.Id)?.SendTerminate();
            throw;
        }
    }

    private async Task GiveAsync(Process agent, SecretBytes password)
    {
        try
        {
            await using Stream input = agent.StandardInput.BaseStream;
            input.Write(password.Span);
            await input.FlushAsync(context.Stop);
        }
        catch (IOException)
        {
            // It has ended already; its log says why.
        }
    }

    private async Task<string> WaitReadyAsync(Process agent)
    {
        long start = context.Time.GetTimestamp();
        while (context.Time.GetElapsedTime(start) < Patience)
        {
            bool ended = agent.HasExited;
            foreach (JsonElement line in ReadLog())
            {
                if (line.TryGetProperty(Ready, out _))
                {
                    return line.GetProperty("node").GetString() ?? "no node";
                }

                if (line.TryGetProperty("error", out JsonElement error))
                {
                    throw FaultJson.Read(error);
                }
            }

            if (ended)
            {
                break;
            }

            await Task.Delay(Pause, context.Time, context.Stop);
        }

        string why = agent.HasExited
            ? $"it ended with {agent.ExitCode}"
            : $"it is not connected after {Patience.TotalSeconds} s";
        throw new CommandException(ExitCode.Failure, "the agent did not start", why, $"read {LogFile}");
    }

    /// <summary>The whole lines that are JSON; the last may be half written.</summary>
    private List<JsonElement> ReadLog()
    {
        List<JsonElement> lines = [];
        string[] written = File.Exists(LogFile) ? File.ReadAllLines(LogFile) : [];
        foreach (string line in written)
        {
            try
            {
                using JsonDocument document = JsonDocument.Parse(line);
                lines.Add(document.RootElement.Clone());
            }
            catch (JsonException)
            {
                continue;
            }
        }

        return [.. lines.Where(static line => line.ValueKind == JsonValueKind.Object)];
    }
}
