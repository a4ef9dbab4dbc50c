using System.Text.Json;
using SigmaComms.Cryptography;
using SigmaComms.Node.Benches;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Tests.Commands;

public sealed class BenchCommandTests
{
    [Fact]
    public async Task Each_line_of_json_tells_an_operation_and_its_rate()
    {
        CommandRun run = await CommandRun.OfAsync(
            "bench", "crypto", "--only", "ML-KEM-768", "--seconds", "0.001", "--json", "--quiet");

        Assert.Equal(ExitCode.Ok, run.ExitCode);
        JsonElement[] rows = [.. run.Data.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(static line => JsonDocument.Parse(line).RootElement)];
        Assert.Contains(rows, static row => row.GetProperty("operation").GetString() == "decapsulate");
        Assert.All(rows, static row => Assert.Equal(
            row.GetProperty("count").GetInt64() / row.GetProperty("cpuSeconds").GetDouble(),
            row.GetProperty("perCpuSecond").GetDouble(),
            tolerance: 1e-3));
    }

    [Theory]
    [InlineData("--seconds", "0")]
    [InlineData("--seconds", "-1")]
    [InlineData("--seconds", "NaN")]
    public async Task A_length_that_is_none_is_a_usage_error(params string[] arguments)
    {
        CommandRun run = await CommandRun.OfAsync(["bench", "crypto", .. arguments]);

        Assert.Equal(ExitCode.Usage, run.ExitCode);
    }

    [Fact]
    public async Task An_algorithm_that_is_not_here_is_not_found()
    {
        CommandRun run = await CommandRun.OfAsync("bench", "crypto", "--only", "ROT13");

        Assert.Equal(ExitCode.NotFound, run.ExitCode);
    }

    [Fact]
    public void Every_algorithm_of_the_registry_is_measured()
    {
        IEnumerable<string> measured = CryptoOperations.All.Select(static operation => operation.Algorithm);

        IEnumerable<string> registered = AlgorithmRegistry.Kems.Select(static kem => kem.Name)
            .Concat(AlgorithmRegistry.Signatures.Select(static algorithm => algorithm.Name))
            .Concat(AlgorithmRegistry.Aeads.Select(static algorithm => algorithm.Name));
        Assert.Empty(registered.Except(measured));
    }

    [Fact]
    public async Task Each_line_of_json_tells_a_workload_its_peer_and_their_ratio()
    {
        CommandRun run = await CommandRun.OfAsync(
            "bench", "actors", "--messages", "1000", "--runs", "1", "--json", "--quiet");

        Assert.Equal(ExitCode.Ok, run.ExitCode);
        JsonElement[] rows = [.. run.Data.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(static line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(ActorWorkloads.All.Count + 2, rows.Length);
        JsonElement[] compared = [.. rows.Where(static row => row.TryGetProperty("peer", out _))];
        Assert.Equal(ActorWorkloads.All.Count - 1, compared.Length);
        Assert.All(compared, static row => Assert.Equal(
            row.GetProperty("nanoseconds").GetDouble() / row.GetProperty("peerNanoseconds").GetDouble(),
            row.GetProperty("ratio").GetDouble(),
            tolerance: 1e-9));
    }

    [Fact]
    public async Task Each_line_of_json_tells_what_an_event_costs_and_none_was_dropped()
    {
        CommandRun run = await CommandRun.OfAsync(
            "bench", "telemetry", "--events", "2000", "--runs", "1", "--json", "--quiet");

        Assert.Equal(ExitCode.Ok, run.ExitCode);
        JsonElement[] rows = [.. run.Data.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(static line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(3, rows.Length);
        Assert.Equal(0, rows[0].GetProperty("bytes").GetDouble(), tolerance: 0.5);
        Assert.All(rows, static row => Assert.Equal(0, row.GetProperty("dropped").GetInt64()));
        Assert.All(rows[1..], static row => Assert.NotEqual(0, row.GetProperty("bytes").GetDouble()));
    }

    [Theory]
    [InlineData("--messages", "999")]
    [InlineData("--runs", "0")]
    public async Task A_run_of_too_few_is_a_usage_error(params string[] arguments)
    {
        CommandRun run = await CommandRun.OfAsync(["bench", "actors", .. arguments]);

        Assert.Equal(ExitCode.Usage, run.ExitCode);
    }

    [Fact]
    public async Task A_workload_that_is_not_here_is_not_found()
    {
        CommandRun run = await CommandRun.OfAsync("bench", "actors", "--only", "quicksort");

        Assert.Equal(ExitCode.NotFound, run.ExitCode);
    }
}
