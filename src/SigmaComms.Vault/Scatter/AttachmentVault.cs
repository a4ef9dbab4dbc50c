using System.Buffers.Binary;
using SigmaComms.Cryptography;

namespace SigmaComms.Vault.Scatter;

/// <summary>
/// The ids of vaults that no log knows: under them lie the stripes of attachments of messages, each day's under its
/// own. So every copy of a fragment says how old its attachment is, whoever made it.
/// </summary>
/// <standard>docs/formats/vault-stripe.md.</standard>
public static class AttachmentVault
{
    private const int PrefixSizeBytes = Digest.SizeBytes - sizeof(uint);

    // An id of a real vault is a hash: that one begins like this is as unlikely as a broken hash.
    private static readonly byte[] Prefix =
        Digest.Sha256("SigmaComms/1 attachments"u8).ToArray()[..PrefixSizeBytes];

    /// <summary>The id for attachments of a day.</summary>
    /// <param name="day">Days since 1970-01-01, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The day is negative.</exception>
    public static Digest Of(int day)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(day);
        Span<byte> id = stackalloc byte[Digest.SizeBytes];
        Prefix.CopyTo(id);
        BinaryPrimitives.WriteInt32BigEndian(id[PrefixSizeBytes..], day);
        return new Digest(id);
    }

    /// <summary>Whether an id is one for attachments.</summary>
    /// <param name="vault">Any id.</param>
    /// <param name="day">Of which day; 0 if it is none.</param>
    public static bool TryGetDay(Digest vault, out int day)
    {
        Span<byte> id = stackalloc byte[Digest.SizeBytes];
        vault.CopyTo(id);
        day = BinaryPrimitives.ReadInt32BigEndian(id[PrefixSizeBytes..]);
        if (day >= 0 && id[..PrefixSizeBytes].SequenceEqual(Prefix))
        {
            return true;
        }

        day = 0;
        return false;
    }

    /// <summary>The day of a time, in UTC.</summary>
    /// <param name="time">Not before 1970.</param>
    public static int DayOf(DateTimeOffset time) => (int)(time.UtcDateTime - DateTime.UnixEpoch).TotalDays;
}
