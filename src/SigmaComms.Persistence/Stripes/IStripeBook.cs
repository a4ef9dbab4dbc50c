using SigmaComms.Cryptography;

namespace SigmaComms.Persistence.Stripes;

/// <summary>
/// What a node has learned from the logs of vaults about their stripes. It outlives the logs, whose oldest entries are
/// dropped in time.
/// </summary>
/// <remarks>Safe to call from any thread. What was noted is durable when the call returns.</remarks>
public interface IStripeBook : IDisposable
{
    /// <summary>How far a vault's log was followed; default if never.</summary>
    /// <param name="vault">The vault.</param>
    VaultFollowing FindVault(Digest vault);

    /// <summary>What is known of a stripe.</summary>
    /// <param name="vault">Its vault.</param>
    /// <param name="stripe">Its id.</param>
    StripeStanding FindStripe(Digest vault, UInt128 stripe);

    /// <summary>Notes what entries said, all or nothing. A stripe that was dropped stays so.</summary>
    /// <param name="vault">The vault.</param>
    /// <param name="following">How far its log was followed with these.</param>
    /// <param name="added">Stripes that were added.</param>
    /// <param name="dropped">Stripes that were dropped.</param>
    /// <param name="nowTicks">The time, in UTC ticks.</param>
    void Note(
        Digest vault,
        VaultFollowing following,
        IReadOnlyCollection<UInt128> added,
        IReadOnlyCollection<UInt128> dropped,
        long nowTicks);

    /// <summary>Forgets stripes that were dropped long ago.</summary>
    /// <param name="beforeTicks">Those noted before this time, in UTC ticks.</param>
    /// <returns>How many there were.</returns>
    int Forget(long beforeTicks);

    /// <summary>Reads what was kept under a name; empty if nothing was.</summary>
    /// <param name="name">The name.</param>
    ReadOnlyMemory<byte> ReadMark(string name);

    /// <summary>Keeps something small under a name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="value">At most 1,024 bytes.</param>
    void WriteMark(string name, ReadOnlyMemory<byte> value);
}
