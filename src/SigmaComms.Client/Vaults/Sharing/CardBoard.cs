using SigmaComms.Cryptography;
using SigmaComms.Vault.Transactions;

namespace SigmaComms.Client.Vaults.Sharing;

/// <summary>
/// Where devices publish their cards: each in the first entry of a stream of its own in the cluster's log, which
/// anybody finds by the device.
/// </summary>
internal sealed class CardBoard(VaultClientOptions options)
{
    /// <summary>Publishes the card of this device, if it is not there yet.</summary>
    /// <exception cref="VaultException">No node answers, or the log is full.</exception>
    public async Task PublishAsync(CancellationToken ct)
    {
        VaultIdentity identity = options.Identity;
        if (await FindAsync(identity.Device.Id, ct) is not null)
        {
            return;
        }

        MemberCard card = MemberCard.Make(identity.Device, identity.MemberKey, options.Random);
        LogStatus made = await options.Directory.CreateAsync(MemberCard.Salt, ct);
        if (made != LogStatus.Done)
        {
            throw VaultErrors.Of(made, "member card");
        }

        LogAppend appended =
            await options.Log.AppendAsync(MemberCard.StreamOf(identity.Device.Id), 1, card.Encoded, ct);
        if (appended.Status is not (LogStatus.Done or LogStatus.WrongSequence))
        {
            throw VaultErrors.Of(appended.Status, "member card");
        }
    }

    /// <summary>The card of a device, unverified; null if it has published none.</summary>
    /// <exception cref="VaultException">No node answers.</exception>
    public async Task<MemberCard?> FindAsync(NodeId device, CancellationToken ct)
    {
        LogRange range = await options.Log.ReadAsync(MemberCard.StreamOf(device), 0, ct);
        if (range.Status == LogStatus.Unreachable)
        {
            throw VaultErrors.Of(range.Status, "member card");
        }

        bool isThere = range.Status == LogStatus.Done && range.Entries.Count > 0;
        return isThere && MemberCard.TryDecode(range.Entries[0].Content.Span, out MemberCard? card) ? card : null;
    }
}
