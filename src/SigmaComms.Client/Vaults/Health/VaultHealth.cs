using SigmaComms.Client.Vaults.Files;
using SigmaComms.Vault;
using SigmaComms.Vault.Namespace;
using SigmaComms.Vault.Scatter;
using SigmaComms.Vault.Sealing;
using SigmaComms.Vault.Transactions;

namespace SigmaComms.Client.Vaults.Health;

/// <summary>How a vault is: what it holds, whether all of it can be read, and its repair from here.</summary>
/// <remarks>
/// Nodes repair what they hold by themselves, and need no key for it. This is for whoever does not believe them, or
/// does not want to wait. Safe to call from any thread.
/// </remarks>
public sealed class VaultHealth
{
    private const int StripesAtOnce = 16;
    private const int LostFilesMax = 100;

    private readonly VaultCore _core;
    private readonly StripeInspector _inspector;

    internal VaultHealth(VaultCore core)
    {
        _core = core;
        _inspector = new StripeInspector(core);
    }

    /// <summary>What the vault holds.</summary>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="VaultException">No node answers for the log.</exception>
    public Task<VaultFigures> StatusAsync(CancellationToken cancellation) => _core.WithSessionAsync(
        async session =>
        {
            await _core.FollowAsync(session, cancellation);
            return FiguresOf(session);
        },
        cancellation);

    /// <summary>Looks for every fragment of every stripe.</summary>
    /// <param name="reads">Whether all is read and checked, or the nodes are only asked what they have.</param>
    /// <param name="progress">Told how far it is: files are stripes here; or null.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="VaultException">No node answers for the log, or it lies.</exception>
    public Task<VaultReport> VerifyAsync(
        bool reads, IProgress<VaultProgress>? progress, CancellationToken cancellation) =>
        RunAsync(reads, repairs: false, progress, cancellation);

    /// <summary>Looks for every fragment of every stripe, and rebuilds what is missing from what is there.</summary>
    /// <param name="progress">Told how far it is: files are stripes here; or null.</param>
    /// <param name="cancellation">Gives up; what was rebuilt stays.</param>
    /// <returns>How it is afterwards.</returns>
    /// <exception cref="VaultException">No node answers for the log, or it lies.</exception>
    public Task<VaultReport> RepairAsync(IProgress<VaultProgress>? progress, CancellationToken cancellation) =>
        RunAsync(reads: true, repairs: true, progress, cancellation);

    private async Task<VaultReport> RunAsync(
        bool reads, bool repairs, IProgress<VaultProgress>? progress, CancellationToken ct)
    {
        (List<LockedStripe> stripes, LogPosition position) = await _core.WithSessionAsync(
            async session =>
            {
                await _core.FollowAsync(session, ct);
                return (StripesOf(session), session.Position);
            },
            ct);
        await _core.RememberAsync(ct);
        ProgressCount told = new(
            progress, stripes.Sum(stripe => (long)stripe.Entry.PlaintextLength), stripes.Count);
        ReportCount count = new();
        ParallelOptions bounds = new() { MaxDegreeOfParallelism = StripesAtOnce, CancellationToken = ct };
        await Parallel.ForEachAsync(stripes, bounds, async (stripe, stop) =>
        {
            StripeFindings findings = await _inspector.InspectAsync(stripe, reads, stop);
            int rebuilt = 0;
            if (repairs && (findings.Found < stripe.Entry.Fragments || findings.Corrupt.Count > 0))
            {
                rebuilt = await _inspector.RepairAsync(stripe, findings, stop);
                findings = await _inspector.InspectAsync(stripe, reads, stop);
            }

            count.Add(stripe.Entry, findings, rebuilt);
            told.Add(stripe.Entry.PlaintextLength);
            told.FileDone();
        });
        IReadOnlyList<VaultPath> lost = count.Lost.Count == 0
            ? []
            : await _core.LookAsync(state => FilesWith(state, count.Lost), ct);
        return count.ToReport(position, lost);
    }

    private List<LockedStripe> StripesOf(VaultSession session) =>
    [
        .. session.State.StripeEntries()
            .Select(stripe => new LockedStripe(stripe.Entry, _core.KeysOf(session, stripe.Epoch))),
    ];

    private static List<VaultPath> FilesWith(NamespaceState state, IReadOnlySet<StripeId> stripes) =>
    [
        .. Walk.All(state)
            .Where(entry => entry.Kind == FileKind.Regular
                && state.ReadExtents(entry.Stat.Inode, 0, long.MaxValue)
                    .Any(extent => stripes.Contains(extent.Stripe.Stripe)))
            .Select(entry => entry.Path)
            .Take(LostFilesMax),
    ];

    private VaultFigures FiguresOf(VaultSession session)
    {
        long files = 0;
        long directories = 0;
        long links = 0;
        long bytes = 0;
        foreach (VaultEntry entry in Walk.All(session.State))
        {
            files += entry.Kind == FileKind.Regular ? 1 : 0;
            directories += entry.Kind == FileKind.Directory ? 1 : 0;
            links += entry.Kind == FileKind.Symlink ? 1 : 0;
            bytes += entry.Kind == FileKind.Regular ? entry.Size : 0;
        }

        Vault.Keys.VaultHeader header = _core.RequireOpen(session).Header;
        IReadOnlyList<(StripeEntry Entry, int Epoch)> stripes = session.State.StripeEntries();
        return new VaultFigures(
            files,
            directories,
            links,
            bytes,
            stripes.Count,
            stripes.Sum(stripe => (long)stripe.Entry.Layout.StripeLength),
            header.Shape,
            _core.Options.Storage.Placement.Nodes.Count,
            header.Owner,
            header.Epoch,
            header.Slots.Count,
            session.Position,
            session.Snapshot?.At.Count);
    }
}
