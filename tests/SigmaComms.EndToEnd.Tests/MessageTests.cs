using System.Security.Cryptography;
using SigmaComms.EndToEnd.Tests.Clusters;
using SigmaComms.EndToEnd.Tests.Processes;

namespace SigmaComms.EndToEnd.Tests;

[Collection(ClusterCollection.Name)]
public sealed class MessageTests(RunningCluster cluster)
{
    [Fact]
    public async Task A_message_by_hand_reaches_a_listener_on_another_process()
    {
        Account alpha = await cluster.NewAccountAsync("alpha");
        Account beta = await cluster.NewAccountAsync("beta");
        await beta.SucceedAsync("message", "status");

        Finished sent = await alpha.SucceedAsync("message", "send", beta.Name, "hello");
        Finished received = await beta.SucceedAsync("message", "listen", "--count", "1");

        Assert.EndsWith(" accepted", sent.Data.TrimEnd(), StringComparison.Ordinal);
        Assert.Equal("", sent.Notes);
        Assert.Equal($"{alpha.Name}: hello", received.Data.TrimEnd());
    }

    [Fact]
    public async Task A_command_uses_the_agent_that_runs_and_needs_no_password()
    {
        Account alpha = await cluster.NewAccountAsync("alpha");
        Account beta = await cluster.NewAccountAsync("beta");
        await using Agent atAlpha = await alpha.StartAgentAsync("n1");
        await using Agent atBeta = await beta.StartAgentAsync("n2");
        Dictionary<string,
            string> noPassword = new() { ["SIGMA_PASSWORD"] = "", ["SIGMA_CLUSTER"] = cluster.ClusterFile };

        await using SigmaProcess send =
            SigmaProcess.Start(alpha.Home, noPassword, "message", "send", beta.Name, "through the agent", "--wait",
                "delivered");
        send.CloseInput();
        Finished finished = await send.WaitAsync();

        Assert.True(finished.ExitCode == 0, finished.ToString());
        Assert.Equal(["through the agent"], atBeta.ReceiveTexts(1));
    }

    [Fact]
    public async Task Safety_numbers_are_equal_on_both_sides_and_a_wrong_one_is_told()
    {
        Account alpha = await cluster.NewAccountAsync("alpha");
        Account beta = await cluster.NewAccountAsync("beta");
        await alpha.SucceedAsync("message", "status");
        await beta.SucceedAsync("message", "status");

        string atAlpha = (await alpha.SucceedAsync("identity", "verify", beta.Name)).Data.TrimEnd();
        Finished same = await beta.RunAsync(["identity", "verify", alpha.Name, .. atAlpha.Split(' ')]);
        Finished other = await beta.RunAsync(["identity", "verify", alpha.Name, "11111", .. atAlpha.Split(' ')[1..]]);

        Assert.Equal((0, $"equal: {atAlpha}"), (same.ExitCode, same.Data.TrimEnd()));
        Assert.Equal(5, other.ExitCode);
    }

    [Fact]
    public async Task An_empty_text_arrives_as_it_is()
    {
        Account alpha = await cluster.NewAccountAsync("alpha");
        Account beta = await cluster.NewAccountAsync("beta");
        await using Agent atAlpha = await alpha.StartAgentAsync("n3");
        await using Agent atBeta = await beta.StartAgentAsync("n4");

        await atAlpha.SendAsync(beta.Name, "");

        Assert.Equal([""], atBeta.ReceiveTexts(1));
    }

    [Fact]
    public async Task A_text_of_64_MiB_is_refused_before_anything_is_sent()
    {
        Account alpha = await cluster.NewAccountAsync("alpha");
        await using SigmaProcess process = alpha.Start("message", "send", "anybody", "-");
        try
        {
            await process.WriteLineAsync(new string('x', 64 << 20));
            process.CloseInput();
        }
        catch (IOException)
        {
            // It stops reading once the text is too long.
        }

        Finished finished = await process.WaitAsync();

        Assert.Equal(2, finished.ExitCode);
        Assert.Contains("--file", finished.Notes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_64_MiB_arrives_whole()
    {
        Account alpha = await cluster.NewAccountAsync("alpha");
        Account beta = await cluster.NewAccountAsync("beta");
        string file = Path.Combine(alpha.Home, "large.bin");
        await File.WriteAllBytesAsync(file, RandomNumberGenerator.GetBytes(64 << 20));
        await using Agent atAlpha = await alpha.StartAgentAsync("n1");
        await using Agent atBeta = await beta.StartAgentAsync("n2");

        await atAlpha.SendFileAsync(beta.Name, file);

        string copy = atBeta.ReceiveFile();
        Assert.Equal(
            SHA256.HashData(await File.ReadAllBytesAsync(file)), SHA256.HashData(await File.ReadAllBytesAsync(copy)));
    }

    [Fact]
    public async Task A_file_that_could_not_be_saved_comes_again_with_the_next_listener()
    {
        Account alpha = await cluster.NewAccountAsync("alpha");
        Account beta = await cluster.NewAccountAsync("beta");
        string file = Path.Combine(alpha.Home, $"{new string('n', 251)}.bin");
        await File.WriteAllBytesAsync(file, RandomNumberGenerator.GetBytes(100_000));
        await beta.SucceedAsync("message", "status");
        await alpha.SucceedAsync("message", "send", beta.Name, "--file", file);

        Finished failed = await beta.RunAsync(
            "message", "listen", "--count", "1", "--save-to", Path.Combine(beta.KeyStore, "no-folder"));
        string folder = Path.Combine(beta.Home, "downloads");
        await beta.SucceedAsync("message", "listen", "--count", "1", "--save-to", folder);

        Assert.NotEqual(0, failed.ExitCode);
        Assert.Contains("come again", failed.Notes, StringComparison.Ordinal);
        string copy = Assert.Single(Directory.GetFiles(folder));
        Assert.Equal(await File.ReadAllBytesAsync(file), await File.ReadAllBytesAsync(copy));
    }

    [Fact]
    public async Task An_unknown_recipient_is_not_found()
    {
        Account alpha = await cluster.NewAccountAsync("alpha");

        Finished finished = await alpha.RunAsync("message", "send", "nobody-of-this-name", "hello");

        Assert.Equal(3, finished.ExitCode);
        Assert.Contains("  next: ", finished.Notes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Interrupting_a_listener_ends_it_cleanly()
    {
        Account alpha = await cluster.NewAccountAsync("alpha");
        foreach ((int signal, int exitCode) in new[] { (2, 130), (15, 143) })
        {
            await using SigmaProcess process = alpha.Start("message", "listen");
            await process.NoteAsync(note => note.StartsWith("Listening", StringComparison.Ordinal));

            process.Signal(signal);
            Finished finished = await process.WaitAsync();

            Assert.Equal(exitCode, finished.ExitCode);
        }
    }
}
