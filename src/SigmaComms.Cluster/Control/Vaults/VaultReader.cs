using SigmaComms.Consensus.Machines;
using SigmaComms.Consensus.VaultCommands;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Control.Vaults;

/// <summary>Reads streams of vaults for clients. Safe to call from any thread.</summary>
internal sealed class VaultReader(TimeProvider time, ControlLog log)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly VaultWatch _watch = new(time, log);

    /// <summary>A page of a vault's stream.</summary>
    /// <param name="device">Who asks.</param>
    /// <param name="ask">For what.</param>
    /// <param name="gone">Completes when the asker is gone.</param>
    public async ValueTask<LinkMessage> ReadAsync(NodeId device, ReadVault ask, Task gone)
    {
        ControlReading? reading = log.Read();
        if (ask.IsLinearizable || reading.Height.Value < ask.AtLeast)
        {
            reading = await log.ReadLinearizableAsync(Patience, CancellationToken.None);
        }

        if (reading is null)
        {
            return new Refused(
                RefusalReason.Unavailable, "the control log's newest state is not to be had: it has no quorum");
        }

        if (ask.WaitMilliseconds > 0 && Find(reading, ask.Vault) is { } now && now.Count <= ask.From)
        {
            TimeSpan wait = TimeSpan.FromMilliseconds(Math.Min(ask.WaitMilliseconds, LinkLimits.VaultWaitMilliseconds));
            await _watch.WaitAsync(device, ask.Vault, () => HasGrown(ask), wait, gone);
            ControlReading later = log.Read();
            reading = later.Height > reading.Height ? later : reading;
        }

        return Find(reading, ask.Vault) is { } stream
            ? PageOf(reading, stream, device, ask.From)
            : new Refused(RefusalReason.NotFound, $"the control log has no vault {ask.Vault}");
    }

    /// <summary>A page of the vaults that a device owns or may write.</summary>
    /// <param name="device">Who asks.</param>
    /// <param name="ask">From which vault on.</param>
    public LinkMessage List(NodeId device, ListVaults ask)
    {
        ControlReading reading = log.Read();
        List<VaultListing> found = [];
        foreach (VaultStream stream in StateOf(reading).Vaults)
        {
            if (stream.Id <= ask.After || !stream.Writers.GetValueOrDefault(device).MayWrite)
            {
                continue;
            }

            if (found.Count == LinkLimits.VaultsPerPage)
            {
                return new VaultList(found, IsLast: false);
            }

            found.Add(new VaultListing(stream.Id, StandingOf(reading, stream, device)));
        }

        return new VaultList(found, IsLast: true);
    }

    private static VaultCommandsState StateOf(ControlReading reading) =>
        (VaultCommandsState)reading.Ledger.StateOf(MachineIds.VaultCommands)!;

    private static VaultStream? Find(ControlReading reading, Digest vault) => StateOf(reading).Find(vault);

    private bool HasGrown(ReadVault ask) => Find(log.Read(), ask.Vault) is not { } stream || stream.Count > ask.From;

    private static VaultPage PageOf(ControlReading reading, VaultStream stream, NodeId device, ulong from)
    {
        IReadOnlyList<VaultEntry> entries = stream.Read(
            from, LinkLimits.VaultEntriesPerPage, LinkLimits.VaultPageBytes);
        return new VaultPage(
            StandingOf(reading, stream, device),
            entries.Count > 0 ? stream.HeadAt(from) : stream.Head,
            [.. entries.Select(static entry => new VaultPageEntry(
                entry.Writer, entry.Sequence, (ulong)entry.Timestamp, entry.Content))]);
    }

    private static VaultStanding StandingOf(ControlReading reading, VaultStream stream, NodeId device)
    {
        VaultWriter writer = stream.Writers.GetValueOrDefault(device);
        return new VaultStanding(
            reading.Height.Value,
            (ulong)reading.Timestamp,
            stream.Owner,
            stream.First,
            stream.FirstHead,
            stream.Count,
            stream.Head,
            (ushort)stream.Writers.Count(static known => known.Value.MayWrite),
            (ulong)stream.KeptBytes,
            writer.MayWrite,
            writer.Last);
    }
}
