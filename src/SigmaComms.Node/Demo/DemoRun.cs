using System.Globalization;
using System.Security.Cryptography;
using SigmaComms.Client.Agent;
using SigmaComms.Messaging.Links;
using SigmaComms.Node.Commands;
using SigmaComms.Node.Configuration;
using SigmaComms.Node.Nodes;
using SigmaComms.Node.Processes;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Demo;

/// <summary>The main job, step by step, with real processes. Each step throws if what it shows did not hold.</summary>
internal sealed class DemoRun : IAsyncDisposable
{
    private const int TextCount = 20;
    private const int OfflineCount = 5;
    private const int BurstCount = 300;
    private const int KillAfter = 100;
    private const int TextsShown = 3;
    private const string LastText = "the last one";
    private const string FirstNodeOfAlpha = "n1";
    private const string FirstNodeOfBeta = "n2";

    private readonly SigmaHome _home;
    private readonly Output _output;
    private readonly TimeProvider _time;
    private readonly CancellationToken _stop;
    private readonly DemoReport _report = new();
    private readonly DemoAccount _alphaAccount;
    private readonly DemoAccount _betaAccount;
    private AgentProcess? _alpha;
    private AgentProcess? _beta;

    /// <summary>Prepares a run.</summary>
    /// <param name="folder">An empty folder for all that it makes.</param>
    /// <param name="output">Where it tells what happens.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stop">Ends it early.</param>
    public DemoRun(string folder, Output output, TimeProvider time, CancellationToken stop)
    {
        _home = new SigmaHome(Path.Combine(folder, "cluster"));
        _output = output;
        _time = time;
        _stop = stop;
        _alphaAccount = AccountOf(folder, "alpha");
        _betaAccount = AccountOf(folder, "beta");
    }

    private AgentProcess Alpha => _alpha ?? throw new InvalidOperationException("alpha has not started.");

    private AgentProcess Beta => _beta ?? throw new InvalidOperationException("beta has not started.");

    /// <summary>Runs all steps.</summary>
    /// <returns>What was measured.</returns>
    public async Task<DemoReport> RunAsync()
    {
        await StartClusterAsync();
        await AdmitThroughLogAsync();
        await MakeIdentitiesAsync();
        await CompareSafetyNumbersAsync();
        await SendTextsBothWaysAsync();
        await SendWhileBetaIsOffLineAsync();
        await SendAttachmentAsync();
        string killed = await KillNodeInBurstAsync();
        await KeepTreeAsync(killed);
        return _report;
    }

    /// <summary>Ends every process that was started, however far the run has come.</summary>
    public async ValueTask DisposeAsync()
    {
        // The nodes first: they are nobody's children and would go on for ever.
        LocalNode[] nodes = [.. _home.NodeNames().Select(name => new LocalNode(_home, name, _time))];
        await Task.WhenAll(nodes.Select(node => node.StopAsync(CancellationToken.None)));
        await (_alpha?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_beta?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    private static void Require(bool condition, string what, string why)
    {
        if (!condition)
        {
            throw new CommandException(
                ExitCode.Failure, what, why, "run the demo with --keep and read the logs of the nodes");
        }
    }

    private static string TextOf(string kind, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{kind} {number}");

    private DemoAccount AccountOf(string folder, string name) => new(
        name, Path.Combine(folder, name), _home.ClusterFile, Convert.ToHexString(RandomNumberGenerator.GetBytes(16)));

    private async Task StartClusterAsync()
    {
        _output.Line("1. Four nodes from local-4.json and its seed files; n4 joins through a seed");
        string plan = DemoCluster.WritePlan(Path.Combine(_home.Root, "..", "plan"));
        SigmaHome.CreatePrivate(_home.Root);
        await SigmaAsync(
            new Dictionary<string, string> { ["SIGMA_HOME"] = _home.Root }, "cluster", "up", "--config", plan);
    }

    private async Task AdmitThroughLogAsync()
    {
        _output.Line("2. The four agree on one order of commands; a fifth node asks, and they admit it");
        Dictionary<string, string> environment = new() { ["SIGMA_HOME"] = _home.Root };
        string[] join = ["node", "join", "n5", "--listen", DemoCluster.FreeEndpoints(1)[0].ToString()];
        await SigmaAsync(environment, "control", "propose-noop");
        await SigmaAsync(environment, ExitCode.NotAuthorised, [.. join, "--quiet"]);
        await SigmaAsync(environment, "cluster", "admit", "n5");
        await SigmaAsync(environment, [.. join, "--detach", "--quiet"]);
        await SigmaAsync(environment, "control", "members");
        _output.Line("   What n1 keeps of it, checked from its beginning with nothing but the validators' keys:");
        await SigmaAsync(environment, "control", "verify", "n1");
    }

    private async Task MakeIdentitiesAsync()
    {
        _output.Line("3. Two accounts, each with a client process of its own, on different nodes");
        await SigmaAsync(_alphaAccount.Environment, "identity", "new", "alpha", "--quiet");
        await SigmaAsync(_betaAccount.Environment, "identity", "new", "beta", "--quiet");
        _alpha = await StartAgentAsync(_alphaAccount, FirstNodeOfAlpha, "alpha");
        _beta = await StartAgentAsync(_betaAccount, FirstNodeOfBeta, "beta");
    }

    private async Task CompareSafetyNumbersAsync()
    {
        _output.Line("4. Safety numbers");
        string atAlpha = await Alpha.SafetyNumberAsync("beta", _stop);
        string atBeta = await Beta.SafetyNumberAsync("alpha", _stop);
        _output.Line($"   alpha sees {atAlpha}\n   beta sees  {atBeta}");
        Require(atAlpha == atBeta, "the safety numbers differ", $"alpha sees {atAlpha}, beta sees {atBeta}");
    }

    private async Task SendTextsBothWaysAsync()
    {
        _output.Line($"5. {TextCount} messages each way, both on line");
        DemoStep step = _report.Begin($"texts on line, {TextCount} each way");
        int atBeta = await ReceivedAsync(Beta);
        int atAlpha = await ReceivedAsync(Alpha);
        for (int i = 1; i <= TextCount; i++)
        {
            await SendAndReceiveAsync(step, Alpha, Beta, TextOf("to beta", i), atBeta + i);
            await SendAndReceiveAsync(step, Beta, Alpha, TextOf("to alpha", i), atAlpha + i);
        }

        await ShowAsync(Beta, atBeta, TextsShown);
        await ShowAsync(Alpha, atAlpha, TextsShown);

        Tell(step);
    }

    private async Task SendAndReceiveAsync(
        DemoStep step, AgentProcess from, AgentProcess to, string text, int count)
    {
        long sent = _time.GetTimestamp();
        step.CountSent();
        Task sending = from.SendAsync(to.Identity, text, _stop);
        IReadOnlyList<ReceivedMessage> received = await to.WaitReceivedAsync(count, _stop);
        await sending;
        Require(
            received.Count == count && received[^1].Text == text,
            "a message did not arrive as it was sent",
            $"wanted \"{text}\", came \"{received[^1].Text}\"");
        step.Count(received[^1].At - sent, _time);
    }

    private async Task SendWhileBetaIsOffLineAsync()
    {
        _output.Line($"6. {OfflineCount} messages while beta is off line");
        DemoStep step = _report.Begin("texts while beta was off line, from its return");
        int process = Beta.ProcessId;
        await Beta.DisposeAsync();
        _output.Line($"   {Clock()} beta's client, process {process}, has ended");
        for (int i = 1; i <= OfflineCount; i++)
        {
            step.CountSent();
            await Alpha.SendToClusterAsync("beta", TextOf("while you were away", i), _stop);
        }

        _output.Line($"   {Clock()} {OfflineCount} sent by alpha, each kept by two nodes");
        long back = _time.GetTimestamp();
        _beta = await StartAgentAsync(_betaAccount, FirstNodeOfBeta, "beta, back on line");
        IReadOnlyList<ReceivedMessage> received = await Beta.WaitReceivedAsync(OfflineCount, _stop);
        RequireInOrder(received, 0, OfflineCount, "while you were away");
        foreach (ReceivedMessage message in received.Take(OfflineCount))
        {
            step.Count(message.At - back, _time);
        }

        await ShowAsync(Beta, 0, TextsShown);
        Tell(step);
    }

    private async Task SendAttachmentAsync()
    {
        FileInfo file = DemoFile.Find();
        string size = string.Create(CultureInfo.InvariantCulture, $"{file.Length / 1e6:F1} MB");
        _output.Line($"7. A file of {size}: {file.Name}");
        DemoStep step = _report.Begin($"attachment of {size}");
        int before = await ReceivedAsync(Beta);
        long sent = _time.GetTimestamp();
        step.CountSent();
        Task sending = Alpha.SendFileAsync("beta", file.FullName, _stop);
        IReadOnlyList<ReceivedMessage> received = await Beta.WaitReceivedAsync(before + 1, _stop);
        await sending;
        step.Count(received[^1].At - sent, _time);
        Require(received[^1].FilePath is not null, "the file did not arrive", "beta could not fetch it");
        string original = await HashAsync(file.FullName);
        string copy = await HashAsync(received[^1].FilePath!);
        _output.Line($"   SHA-256 sent     {original}\n   SHA-256 received {copy}");
        Require(original == copy, "the file arrived changed", $"{original} became {copy}");
        Tell(step);
    }

    private async Task<string> KillNodeInBurstAsync()
    {
        string name = (await Beta.StatusAsync(_stop)).Node ?? FirstNodeOfBeta;
        _output.Line($"8. {BurstCount} messages in a burst; kill -9 of {name}, beta's node, after {KillAfter}");
        DemoStep step = _report.Begin($"burst with kill -9 of {name}");
        int before = await ReceivedAsync(Beta);
        long[] sentAt = new long[BurstCount];
        Task[] sending = new Task[BurstCount];
        for (int i = 0; i < BurstCount; i++)
        {
            if (i == KillAfter)
            {
                await Beta.WaitReceivedAsync(before + 1, _stop);
                Kill(name, i);
            }

            sentAt[i] = _time.GetTimestamp();
            step.CountSent();
            sending[i] = Alpha.SendAsync("beta", TextOf("burst", i + 1), _stop);
        }

        await Task.WhenAll(sending);

        // One more: what comes before it came in all, and a message that came twice would show.
        await Alpha.SendAsync("beta", LastText, _stop);
        IReadOnlyList<ReceivedMessage> received = await Beta.WaitReceivedAsync(before + BurstCount + 1, _stop);
        Require(
            received.Count == before + BurstCount + 1 && received[^1].Text == LastText,
            "a message was lost or arrived twice",
            $"{received.Count - before - 1} came before the last, {BurstCount} were sent");
        RequireInOrder(received, before, BurstCount, "burst");
        for (int i = 0; i < BurstCount; i++)
        {
            step.Count(received[before + i].At - sentAt[i], _time);
        }

        AgentStatus status = await Beta.StatusAsync(_stop);
        string? now = status.Node;
        Require(now is not null && now != name, "beta's client did not go on",
            $"it is connected to {now ?? "no node"}");
        _report.AddChannel("beta, after the kill", status);
        _output.Line($"   {Clock()} all {BurstCount} are at beta, which went on through {now}; none twice, order kept");
        await ShowAsync(Beta, before, 1);
        await ShowAsync(Beta, before + BurstCount - 1, 1);
        await ShowMembersAsync(now!);
        Tell(step);
        return name;
    }

    private async Task KeepTreeAsync(string killed)
    {
        Dictionary<string, string> environment = new() { ["SIGMA_HOME"] = _home.Root };
        await SigmaAsync(environment, "node", "start", killed, "--quiet");
        DemoVault vault = new(_home, _alphaAccount, Path.Combine(_home.Root, "..", "vault"), _output, _time);
        await vault.RunAsync(SigmaAsync, _stop);
    }

    private void Kill(string name, int sent)
    {
        ProcessRecord? process = new LocalNode(_home, name, _time).Running;
        Require(process is not null, $"{name} cannot be killed", "it does not run");
        process!.SendKill();
        _output.Line($"   {Clock()} kill -9 of {name}, process {process.Id}, after {sent} of them were sent");
    }

    /// <summary>What a node sees of the others.</summary>
    private async Task ShowMembersAsync(string name)
    {
        ClusterFile cluster = ClusterFile.Load(_home.ClusterFile);
        using ClusterProbe probe = new(cluster, _time);
        ClusterStatus status = await probe.AskAsync(cluster.Nodes.Single(node => node.Name == name).Endpoint, _stop);
        IEnumerable<string> members = status.Members.OrderBy(member => member.Name, StringComparer.Ordinal)
            .Select(member => $"{member.Name} {ClusterStatusCommand.StateOf(member)}");
        _output.Line($"   {Clock()} {name} sees: {string.Join(", ", members)}");
    }

    /// <summary>Some messages as they arrived.</summary>
    private async Task ShowAsync(AgentProcess at, int from, int count)
    {
        IReadOnlyList<ReceivedMessage> received = await at.WaitReceivedAsync(from + count, _stop);
        IEnumerable<string> texts = received.Skip(from).Take(count).Select(message => $"\"{message.Text}\"");
        _output.Line($"   at {at.Identity}: {string.Join(", ", texts)}");
    }

    private string Clock() => _time.GetLocalNow().ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);

    private static void RequireInOrder(IReadOnlyList<ReceivedMessage> received, int from, int count, string kind)
    {
        for (int i = 0; i < count; i++)
        {
            string? text = received[from + i].Text;
            Require(
                text == TextOf(kind, i + 1),
                "messages were lost, repeated or out of order",
                $"place {i + 1} holds \"{text}\", wanted \"{TextOf(kind, i + 1)}\"");
        }
    }

    private async Task<AgentProcess> StartAgentAsync(DemoAccount account, string node, string row)
    {
        AgentProcess agent = await AgentProcess.StartAsync(account, node, _time, _stop);
        AgentStatus status = await agent.StatusAsync(_stop);
        _output.Line($"   {Clock()} {account.Name}'s client, process {agent.ProcessId}, is connected to {status.Node}");
        _report.AddChannel(row, status);
        return agent;
    }

    private async Task<int> ReceivedAsync(AgentProcess agent) => (await agent.WaitReceivedAsync(0, _stop)).Count;

    private async Task<string> HashAsync(string path)
    {
        await using FileStream stream = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, _stop));
    }

    private void Tell(DemoStep step)
    {
        string times = $"p50 {step.Times.Milliseconds(0.5)}, p99 {step.Times.Milliseconds(0.99)}";
        _output.Line($"   {step.Sent} sent, {step.Received} received, {times}");
    }

    private Task SigmaAsync(IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        SigmaAsync(environment, ExitCode.Ok, arguments);

    private async Task SigmaAsync(
        IReadOnlyDictionary<string, string> environment, ExitCode wanted, string[] arguments)
    {
        // On a terminal the bars of vault commands are seen as they go.
        bool showsNotes = arguments[0] == "vault" && !Console.IsErrorRedirected && !_output.Quiet;
        (int exitCode, string text) = await SelfProcess.RunAsync(environment, arguments, _stop, showsNotes);
        foreach (string line in text.Split('\n').Where(line => line.Length > 0))
        {
            _output.Line($"   {line}");
        }

        Require(exitCode == (int)wanted, $"sigma {string.Join(' ', arguments)} failed", $"exit code {exitCode}");
    }
}
