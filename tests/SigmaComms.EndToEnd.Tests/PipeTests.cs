using SigmaComms.EndToEnd.Tests.Clusters;
using SigmaComms.EndToEnd.Tests.Processes;

namespace SigmaComms.EndToEnd.Tests;

[Collection(ClusterCollection.Name)]
public sealed class PipeTests(RunningCluster cluster)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_closed_pipe_did_not_take_comes_with_the_next_listener(bool withAgent)
    {
        Account alpha = await cluster.NewAccountAsync("alpha");
        Account beta = await cluster.NewAccountAsync("beta");
        await beta.SucceedAsync("message", "status");
        foreach (string text in new[] { "p1", "p2", "p3" })
        {
            await alpha.SucceedAsync("message", "send", beta.Name, text);
        }

        if (withAgent)
        {
            await beta.SucceedAsync("agent", "--detach");
        }

        Finished first = await SigmaProcess.RunShellAsync(
            beta.Home,
            new Dictionary<string, string> { ["SIGMA_CLUSTER"] = beta.ClusterFile },
            "sigma message listen | head -1; echo ${PIPESTATUS[0]}");
        Finished rest = await beta.SucceedAsync("message", "listen", "--count", "2");
        Finished agent = await beta.SucceedAsync("agent", "--stop");

        Assert.Equal($"{alpha.Name}: p1\n141", first.Data);
        Assert.Equal($"{alpha.Name}: p2\n{alpha.Name}: p3", rest.Data);
        Assert.StartsWith(withAgent ? "Stopped" : "No agent", agent.Data, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_listener_is_refused_and_the_first_goes_on()
    {
        Account alpha = await cluster.NewAccountAsync("alpha");
        Account beta = await cluster.NewAccountAsync("beta");
        await beta.SucceedAsync("message", "status");
        await using SigmaProcess first = beta.Start("message", "listen", "--count", "1");
        await first.NoteAsync(note => note.StartsWith("Listening", StringComparison.Ordinal));

        Finished second = await beta.RunAsync("message", "listen");
        await alpha.SucceedAsync("message", "send", beta.Name, "hello");
        Finished finished = await first.WaitAsync();

        Assert.Equal(1, second.ExitCode);
        Assert.Contains("listens for this identity's messages already", second.Notes, StringComparison.Ordinal);
        Assert.Equal((0, $"{alpha.Name}: hello"), (finished.ExitCode, finished.Data));
    }
}
