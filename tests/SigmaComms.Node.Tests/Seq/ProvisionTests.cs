using System.Text.Json;
using System.Text.Json.Nodes;
using SigmaComms.Node.Tests.Commands;
using SigmaComms.Node.Tests.Configuration;
using SigmaComms.Node.Seq;
using SigmaComms.Node.Terminal;
using SigmaComms.OtlpSink;

namespace SigmaComms.Node.Tests.Seq;

/// <summary>sigma observe provision against a server that keeps entities where Seq does.</summary>
public sealed class ProvisionTests
{
    private const string Key = "the-key";
    private static readonly int All = SeqTemplateSet.BuiltIn().Count;

    [Fact]
    public async Task An_empty_server_gets_everything_with_ids_that_belong_together()
    {
        await using SeqSink seq = await SeqSink.StartAsync();

        CommandRun run = await RunAsync(seq);

        Assert.Equal((ExitCode.Ok, ""), (run.ExitCode, run.Notes));
        Assert.Equal(All, Lines(run, "created "));
        Assert.Equal(All, seq.Entities.Changes.Count);
        IReadOnlyList<JsonObject> signals = seq.Entities.Of("signals");
        Assert.Equal(12, signals.Count);
        string all = IdOf(signals.Single(static signal => signal["Title"]!.GetValue<string>() == "Sigma"));
        JsonObject workspace = Assert.Single(seq.Entities.Of("workspaces"));
        Assert.Equal(
            signals.Select(IdOf).Order(),
            workspace["Content"]!["SignalIds"]!.AsArray().Select(static id => id!.GetValue<string>()).Order());
        Assert.Equal(
            seq.Entities.Of("dashboards").Select(IdOf).Order(),
            workspace["Content"]!["DashboardIds"]!.AsArray().Select(static id => id!.GetValue<string>()).Order());
        JsonObject retention = Assert.Single(seq.Entities.Of("retentionpolicies"));
        Assert.Equal(all, retention["RemovedSignalExpression"]!["SignalId"]!.GetValue<string>());
        Assert.All(seq.Entities.Of("alerts"), alert =>
            Assert.Equal(all, alert["SignalExpression"]!["SignalId"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_second_run_finds_all_as_it_is_and_changes_nothing()
    {
        await using SeqSink seq = await SeqSink.StartAsync();
        await RunAsync(seq);

        CommandRun run = await RunAsync(seq, "--json");

        Assert.Equal(ExitCode.Ok, run.ExitCode);
        Assert.Equal(All, seq.Entities.Changes.Count);
        JsonElement[] entities = [.. JsonElement.Parse(run.Data).GetProperty("entities").EnumerateArray()];
        Assert.Equal(All, entities.Length);
        Assert.All(entities, static entity => Assert.Equal("left", entity.GetProperty("outcome").GetString()));
        Assert.All(entities, static entity => Assert.NotEqual("", entity.GetProperty("id").GetString()));
    }

    [Fact]
    public async Task What_differs_is_brought_back_and_what_was_made_for_the_place_stays()
    {
        await using SeqSink seq = await SeqSink.StartAsync();
        await RunAsync(seq);
        seq.Entities.Edit("alerts", "Sigma Storage Failing", static alert =>
        {
            alert["Where"] = "Event = 1";
            alert["NotificationChannels"] = new JsonArray(new JsonObject { ["NotificationAppInstanceId"] = "app-1" });
            alert["IsDisabled"] = true;
        });
        seq.Entities.Edit("signals", "Sigma Audit", static signal => signal["Columns"] = new JsonArray());

        CommandRun run = await RunAsync(seq);

        Assert.Equal(ExitCode.Ok, run.ExitCode);
        Assert.Equal(2, Lines(run, "updated "));
        Assert.Equal(All + 2, seq.Entities.Changes.Count);
        JsonObject alert = seq.Entities.Of("alerts").Single(static each =>
            each["Title"]!.GetValue<string>() == "Sigma Storage Failing");
        Assert.Equal("Event in [611, 614, 710, 712]", alert["Where"]!.GetValue<string>());
        Assert.Single(alert["NotificationChannels"]!.AsArray());
        Assert.True(alert["IsDisabled"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Retention_that_was_changed_on_the_server_is_not_shortened_again()
    {
        await using SeqSink seq = await SeqSink.StartAsync();
        await RunAsync(seq);
        seq.Entities.Clear("retentionpolicies");
        await RunAsync(seq);
        JsonObject before = Assert.Single(seq.Entities.Of("retentionpolicies"));

        JsonObject longer = (JsonObject)before.DeepClone();
        longer["RetentionTime"] = "365.00:00:00";

        Assert.True(SeqEntity.Has(longer, before));
        Assert.Equal("365.00:00:00", SeqEntity.Merge(longer, before)["RetentionTime"]!.GetValue<string>());
    }

    [Fact]
    public async Task An_entity_of_one_user_with_the_same_title_is_left_to_that_user()
    {
        await using SeqSink seq = await SeqSink.StartAsync();
        await RunAsync(seq);
        seq.Entities.Edit("signals", "Sigma Audit", static signal => signal["OwnerId"] = "user-7");

        CommandRun run = await RunAsync(seq);

        Assert.Equal(ExitCode.Ok, run.ExitCode);
        Assert.Equal(2, seq.Entities.Of("signals").Count(static signal =>
            signal["Title"]!.GetValue<string>() == "Sigma Audit"));
        Assert.Contains(seq.Entities.Of("signals"), static signal => signal["OwnerId"]?.GetValue<string>() == "user-7");
    }

    [Fact]
    public async Task A_dry_run_tells_what_it_would_do_and_does_nothing()
    {
        await using SeqSink seq = await SeqSink.StartAsync();

        CommandRun run = await RunAsync(seq, "--dry-run");

        Assert.Equal(ExitCode.Ok, run.ExitCode);
        Assert.Equal(All, Lines(run, "would create "));
        Assert.Empty(seq.Entities.Changes);
    }

    [Fact]
    public async Task The_key_of_a_file_is_shown_and_without_it_the_exit_code_is_four()
    {
        await using SeqSink seq = await SeqSink.StartAsync(Key);
        using TemporaryFolder folder = new();
        SigmaComms.Node.Configuration.SigmaHome.WritePrivate(folder["key"], "the-key\n"u8);

        CommandRun without = await RunAsync(seq);
        CommandRun with = await RunAsync(seq, "--api-key-file", folder["key"]);

        Assert.Equal(ExitCode.NotAuthorised, without.ExitCode);
        Assert.Contains("--api-key-file", without.Notes, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Ok, with.ExitCode);
    }

    [Fact]
    public async Task A_key_that_may_not_set_retention_does_the_rest_and_exits_with_seven()
    {
        await using SeqSink seq = await SeqSink.StartAsync();
        seq.Entities.HasProjectPermission = false;

        CommandRun run = await RunAsync(seq);

        Assert.Equal(ExitCode.Partial, run.ExitCode);
        Assert.Equal(All - 1, seq.Entities.Changes.Count);
        Assert.Contains("403", run.Data, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_without_alerts_gets_the_rest()
    {
        await using SeqSink seq = await SeqSink.StartAsync();
        seq.Entities.UnknownGroup = "alerts";

        CommandRun run = await RunAsync(seq);

        Assert.Equal(ExitCode.Partial, run.ExitCode);
        Assert.Contains("does not know the kind", run.Data, StringComparison.Ordinal);
        Assert.Equal(All - 4, seq.Entities.Changes.Count);
    }

    [Fact]
    public async Task What_needs_something_that_failed_is_skipped_and_the_next_run_completes_it()
    {
        await using SeqSink seq = await SeqSink.StartAsync();
        seq.Entities.ChangesMax = 5;

        CommandRun broken = await RunAsync(seq);
        seq.Entities.ChangesMax = int.MaxValue;
        CommandRun whole = await RunAsync(seq);

        Assert.Equal(ExitCode.Partial, broken.ExitCode);
        Assert.Contains("it needs signal-", broken.Data, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Ok, whole.ExitCode);
        Assert.Equal(All, seq.Entities.Changes.Count);
    }

    [Theory]
    [InlineData(SinkFault.Broken, "500")]
    [InlineData(SinkFault.Hangs, "no answer within 1 s")]
    public async Task A_server_that_does_not_answer_rightly_is_unavailable(SinkFault fault, string why)
    {
        await using SeqSink seq = await SeqSink.StartAsync();
        seq.Fault = fault;

        CommandRun run = await RunAsync(seq, "--timeout", "1");

        Assert.Equal((ExitCode.Unavailable, ""), (run.ExitCode, run.Data));
        Assert.Contains(why, run.Notes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_unavailable()
    {
        SeqSink seq = await SeqSink.StartAsync();
        await seq.StopAsync();

        CommandRun run = await RunAsync(seq);

        Assert.Equal(ExitCode.Unavailable, run.ExitCode);
        Assert.Contains("cannot be used", run.Notes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_template_that_is_none_is_refused_before_the_server_is_asked()
    {
        await using SeqSink seq = await SeqSink.StartAsync();
        using TemporaryFolder folder = new();
        await File.WriteAllTextAsync(folder["signal-a.template"], "{ \"$entity\": \"signal\", ");

        CommandRun run = await RunAsync(seq, "--templates", folder.Path);

        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.Contains("signal-a.template", run.Notes, StringComparison.Ordinal);
        Assert.Equal(0, seq.Requests);
    }

    [Theory]
    [InlineData("ftp://seq.example.org", "--seq")]
    [InlineData("http://user:word@127.0.0.1:5341", "--seq")]
    public async Task An_address_that_is_none_is_wrong_usage(string url, string named)
    {
        CommandRun run = await CommandRun.OfAsync("observe", "provision", "--seq", url);

        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.Contains(named, run.Notes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_without_templates_is_not_found()
    {
        using TemporaryFolder folder = new();

        CommandRun empty = await CommandRun.OfAsync("observe", "provision", "--templates", folder.Path);
        CommandRun missing = await CommandRun.OfAsync("observe", "provision", "--templates", folder["no"]);

        Assert.Equal((ExitCode.NotFound, ExitCode.NotFound), (empty.ExitCode, missing.ExitCode));
    }

    [Fact]
    public async Task The_completion_knows_its_options()
    {
        CommandRun run = await CommandRun.OfAsync("[suggest:26]", "sigma observe provision --");

        Assert.Contains("--dry-run", run.Data, StringComparison.Ordinal);
        Assert.Contains("--seq", run.Data, StringComparison.Ordinal);
    }

    private static int Lines(CommandRun run, string start) =>
        run.Data.Split('\n').Count(line => line.StartsWith(start, StringComparison.Ordinal));

    private static string IdOf(JsonObject entity) => entity["Id"]!.GetValue<string>();

    private static Task<CommandRun> RunAsync(SeqSink seq, params string[] arguments) =>
        CommandRun.OfAsync(["observe", "provision", "--seq", seq.Url.ToString(), .. arguments]);
}
