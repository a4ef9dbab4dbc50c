using SigmaComms.Client.Vaults;
using SigmaComms.Cryptography;
using SigmaComms.Vault.Keys;
using SigmaComms.Vault.Transactions;

namespace SigmaComms.Client.Tests.Vaults;

/// <summary>The vaults of a pretended cluster, as one device sees them.</summary>
internal sealed class MemoryVaultDirectory(VaultWorld world, NodeId device) : IVaultDirectory
{
    public ValueTask<LogStatus> CreateAsync(Digest salt, CancellationToken cancellation)
    {
        world.Point("create");
        world.Logs.TryAdd(VaultHeader.IdOf(device, salt), new MemoryVault(VaultHeader.IdOf(device, salt), device));
        return new(LogStatus.Done);
    }

    public ValueTask<LogStatus> AddWriterAsync(Digest vault, NodeId writer, CancellationToken cancellation) =>
        ChangeAsync(vault, writer, adds: true);

    public ValueTask<LogStatus> RemoveWriterAsync(Digest vault, NodeId writer, CancellationToken cancellation) =>
        ChangeAsync(vault, writer, adds: false);

    public ValueTask<(LogStatus Status, IReadOnlyList<VaultSummary> Vaults)> ListAsync(
        CancellationToken cancellation)
    {
        List<VaultSummary> mine =
        [
            .. world.Logs.Values
                .Where(vault => vault.Writers.ContainsKey(device))
                .Select(vault => new VaultSummary(vault.Log.Vault, vault.Owner, 0, vault.Writers.Count)),
        ];
        return new((LogStatus.Done, mine));
    }

    private ValueTask<LogStatus> ChangeAsync(Digest vault, NodeId writer, bool adds)
    {
        world.Point("writers");
        if (!world.Logs.TryGetValue(vault, out MemoryVault? found) || found.Owner != device)
        {
            return new(found is null ? LogStatus.VaultUnknown : LogStatus.NotAllowed);
        }

        if (adds)
        {
            found.Writers.TryAdd(writer, 0);
            found.Log.AddWriter(writer);
        }
        else
        {
            found.Writers.TryRemove(writer, out _);
            found.Log.RemoveWriter(writer);
        }

        return new(LogStatus.Done);
    }
}
