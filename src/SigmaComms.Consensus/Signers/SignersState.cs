using System.Collections.Immutable;
using SigmaComms.Consensus.Machines;
using SigmaComms.Consensus.Proofs;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.Signers;

/// <summary>Who is vouched for, and what signers left behind. Immutable.</summary>
public sealed class SignersState : ISignerState
{
    private const byte SnapshotVersion = 1;
    private const byte VouchKind = 1;
    private const byte DismissKind = 2;

    private readonly SignerLimits _limits;
    private readonly MerkleMap<SignerAccount> _accounts;

    /// <summary>The state without accounts.</summary>
    /// <param name="limits">How much signers may do.</param>
    public SignersState(SignerLimits limits)
        : this(limits, MerkleMap<SignerAccount>.Empty)
    {
    }

    private SignersState(SignerLimits limits, MerkleMap<SignerAccount> accounts)
    {
        _limits = limits;
        _accounts = accounts;
    }

    /// <inheritdoc/>
    public Digest Root => _accounts.Root;

    /// <summary>How many accounts there are.</summary>
    public int AccountCount => _accounts.Count;

    /// <summary>All accounts, ascending by signer.</summary>
    public IEnumerable<SignerAccount> Accounts => _accounts.Entries.Select(static entry => entry.Value);

    /// <summary>The payload by which a member vouches for a key, so that its commands are executed.</summary>
    /// <param name="key">The hash of the key.</param>
    public static byte[] EncodeVouch(NodeId key) => new WireWriter(33).U8(VouchKind).Digest(key.Value).ToArray();

    /// <summary>The payload by which a member takes that back.</summary>
    /// <param name="key">The hash of the key.</param>
    public static byte[] EncodeDismiss(NodeId key) => new WireWriter(33).U8(DismissKind).Digest(key.Value).ToArray();

    /// <summary>What is known of a signer.</summary>
    /// <param name="signer">The hash of its key.</param>
    public SignerAccount Find(NodeId signer) =>
        _accounts.TryGet(signer.Value, out SignerAccount? account) ? account : SignerAccount.Of(signer);

    /// <inheritdoc/>
    public bool IsVouchedFor(NodeId signer, Func<NodeId, bool> isMember) => Find(signer).Sponsors.Any(isMember);

    /// <inheritdoc/>
    public int SessionsMax(bool isMember) => isMember ? _limits.SessionsPerMemberMax : _limits.SessionsPerGuestMax;

    /// <inheritdoc/>
    public bool HasSpent(NodeId signer, bool isMember) =>
        PayersOf(signer, isMember).All(payer => Find(payer).Spent >= _limits.UnitsMax);

    /// <inheritdoc/>
    public ISignerState Charge(NodeId signer, bool isMember, uint units)
    {
        SignersState after = this;
        foreach (NodeId payer in PayersOf(signer, isMember))
        {
            SignerAccount before = after.Find(payer);
            after = after.With(before with { Spent = before.Spent + Math.Min(units, uint.MaxValue - before.Spent) });
        }

        return after;
    }

    /// <inheritdoc/>
    public Applied Apply(in CommandContext context, ReadOnlyMemory<byte> payload)
    {
        var reader = new WireReader(payload.Span);
        byte kind = reader.U8();
        NodeId key = new(reader.Digest());
        if (!reader.AtEnd || kind is not (VouchKind or DismissKind))
        {
            return Answer(this, SignerStatus.Malformed);
        }

        if (!context.IsMember || key == context.Signer)
        {
            return Answer(this, SignerStatus.NotAllowed);
        }

        return kind == VouchKind ? Vouch(context.Signer, key) : Dismiss(context.Signer, key);
    }

    /// <inheritdoc/>
    public void WriteSnapshot(WireWriter writer)
    {
        writer.U8(SnapshotVersion).U32((uint)_accounts.Count);
        foreach (KeyValuePair<Digest, SignerAccount> entry in _accounts.Entries)
        {
            entry.Value.WriteTo(writer);
        }
    }

    /// <summary>Reads a snapshot; null, or a failed reader, if there is none.</summary>
    internal static SignersState? Read(ref WireReader reader, SignerLimits limits)
    {
        bool known = reader.U8() == SnapshotVersion;
        uint count = reader.U32();
        MerkleMap<SignerAccount> accounts = MerkleMap<SignerAccount>.Empty;
        Digest previous = default;
        for (uint i = 0; i < count && !reader.Failed; i++)
        {
            SignerAccount account = SignerAccount.Read(ref reader);
            if (i > 0 && account.Signer.Value <= previous)
            {
                reader.Fail();
            }

            previous = account.Signer.Value;
            accounts = accounts.Set(previous, account);
        }

        return known && !reader.Failed ? new SignersState(limits, accounts) : null;
    }

    private Applied Vouch(NodeId sponsor, NodeId key)
    {
        SignerAccount guest = Find(key);
        if (guest.Sponsors.Contains(sponsor))
        {
            return Answer(this, SignerStatus.Done);
        }

        SignerAccount member = Find(sponsor);
        if (member.Guests >= _limits.GuestsPerMemberMax || guest.Sponsors.Count >= SignerAccount.SponsorsMax)
        {
            return Answer(this, SignerStatus.Full);
        }

        SignersState after = With(guest with { Sponsors = guest.Sponsors.Add(sponsor) })
            .With(member with { Guests = member.Guests + 1 });
        return Answer(after, SignerStatus.Done);
    }

    private Applied Dismiss(NodeId sponsor, NodeId key)
    {
        SignerAccount guest = Find(key);
        if (!guest.Sponsors.Contains(sponsor))
        {
            return Answer(this, SignerStatus.NotVouched);
        }

        SignerAccount member = Find(sponsor);
        Invariant.Holds(member.Guests > 0);
        SignersState after = With(guest with { Sponsors = guest.Sponsors.Remove(sponsor) })
            .With(member with { Guests = member.Guests - 1 });
        return Answer(after, SignerStatus.Done);
    }

    // A guest is at the expense of all who vouch for it; a member pays for itself, whoever else vouches for it: else
    // one that is spent could block it.
    private ImmutableSortedSet<NodeId> PayersOf(NodeId signer, bool isMember) =>
        isMember ? [signer] : Find(signer).Sponsors;

    // Of whom nothing is left to know no account is kept, so vouching and dismissing again and again fills nothing.
    private SignersState With(SignerAccount account)
    {
        bool isEmpty = account is { Sponsors.IsEmpty: true, Guests: 0, Spent: 0 };
        return new SignersState(
            _limits,
            isEmpty ? _accounts.Remove(account.Signer.Value) : _accounts.Set(account.Signer.Value, account));
    }

    private static Applied Answer(SignersState state, SignerStatus status) => new(state, new[] { (byte)status });
}
