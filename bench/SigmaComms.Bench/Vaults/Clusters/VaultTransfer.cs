using System.Globalization;

namespace SigmaComms.Bench.Vaults.Clusters;

/// <summary>Puts a file of random bytes into the vault, gets it back and compares.</summary>
internal sealed class VaultTransfer
{
    private const int Seed = 20_261_122;

    private readonly VaultCluster _cluster;
    private readonly string _back;
    private readonly string _digest;

    /// <summary>Writes the file.</summary>
    public VaultTransfer(VaultCluster cluster, string source, VaultBenchOptions options)
    {
        _cluster = cluster;
        File = Path.Combine(source, "file");
        _back = Path.Combine(source, "file.back");
        Length = (long)options.Mebibytes << 20;
        _digest = BenchFile.Write(File, Length, Seed);
    }

    /// <summary>Where it is.</summary>
    public string File { get; }

    /// <summary>Its size in bytes.</summary>
    public long Length { get; }

    /// <summary>To and fro.</summary>
    /// <param name="round">Each round takes another name.</param>
    /// <param name="ct">Stops it.</param>
    public async Task<TransferFigures> RunAsync(int round, CancellationToken ct)
    {
        SigmaRun put = await _cluster.SucceedAsync(ct, "vault", "put", File, AddressOf(round));
        SigmaRun get = await GetAsync(round, ct);
        return new TransferFigures(
            Length / 1e6 / put.TransferSeconds,
            Length / 1e6 / get.TransferSeconds,
            put.Seconds,
            get.Seconds,
            put.PeakMebibytes,
            get.PeakMebibytes);
    }

    /// <summary>Gets the file of a round once more and compares.</summary>
    /// <exception cref="InvalidOperationException">It could not be read, or is not what was put.</exception>
    public async Task<SigmaRun> GetAsync(int round, CancellationToken ct)
    {
        SigmaRun get = await _cluster.SucceedAsync(ct, "vault", "get", AddressOf(round), _back);
        if (BenchFile.HashOf(_back) != _digest)
        {
            throw new InvalidOperationException($"{AddressOf(round)} came back changed.");
        }

        System.IO.File.Delete(_back);
        return get;
    }

    private static string AddressOf(int round) =>
        string.Create(CultureInfo.InvariantCulture, $"{VaultCluster.Vault}:/file{round}");
}
