using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Messaging.KeyDirectory;

namespace SigmaComms.Client.Contacts;

/// <summary>
/// Who is trusted under which name. The first account key seen for a name is pinned; another key for it blocks the
/// conversation until the user accepts. Pure: commits are made durable by the owner.
/// </summary>
internal sealed class ContactBook
{
    /// <summary>The most peers that the user never named; messages of further ones are not taken.</summary>
    public const int StrangersMax = 1_000;

    private const int RecordMaxBytes = 64 * 1024;

    private readonly SortedDictionary<string, Contact> _contacts = new(StringComparer.Ordinal);
    private readonly Dictionary<NodeId, string> _namesByAccount = [];

    /// <summary>All contacts, by name.</summary>
    public IReadOnlyCollection<Contact> Contacts => _contacts.Values;

    /// <summary>Finds a contact by name.</summary>
    /// <returns>The contact, or null.</returns>
    public Contact? Find(string name) => _contacts.GetValueOrDefault(name);

    /// <summary>Finds the contact with this trusted account key.</summary>
    /// <returns>The contact, or null.</returns>
    public Contact? FindByAccount(NodeId account) =>
        _namesByAccount.TryGetValue(account, out string? name) ? _contacts[name] : null;

    /// <summary>Finds the contact that waits for a decision about this account.</summary>
    /// <returns>The contact, or null.</returns>
    public Contact? FindByChanged(NodeId account) =>
        _contacts.Values.FirstOrDefault(contact => contact.Changed?.AccountId == account);

    /// <summary>Compares what the directory has under a name with what is trusted.</summary>
    /// <param name="record">The verified record that was found by its name.</param>
    /// <param name="isStranger">Whether the user never named this peer.</param>
    /// <returns>The verdict, and the commit that must be stored, if anything changed.</returns>
    public (ContactVerdict Verdict, byte[]? Commit) Observe(AccountRecord record, bool isStranger)
    {
        Contact? known = Find(record.Name);
        if (known is null)
        {
            return isStranger && _contacts.Values.Count(static contact => contact.IsStranger) >= StrangersMax
                ? (ContactVerdict.TooMany, null)
                : (ContactVerdict.Learned, Put(new Contact(record, null, null, isStranger)));
        }

        if (record.AccountId == known.Rejected)
        {
            return (ContactVerdict.Rejected, null);
        }

        return record.AccountId == known.Trusted.AccountId
            ? ObserveTrusted(record, known)
            : (ContactVerdict.IdentityChanged, Change(known, record));
    }

    /// <summary>The user has named this peer.</summary>
    /// <returns>The commit that must be stored, or null if nothing changed.</returns>
    public byte[]? Name(string name) =>
        Find(name) is { IsStranger: true } stranger ? Put(stranger with { IsStranger = false }) : null;

    /// <summary>The user trusts a changed identity, exactly the one that was shown.</summary>
    /// <returns>The commit that must be stored, or null if that is not what waits.</returns>
    public byte[]? Accept(PeerIdentity shown) =>
        Waiting(shown) is { } contact ? Put(new Contact(contact.Changed!, null, null, false)) : null;

    /// <summary>The user refuses a changed account, exactly the one that was shown.</summary>
    /// <returns>The commit that must be stored, or null if that is not what waits.</returns>
    public byte[]? Reject(PeerIdentity shown) => Waiting(shown) is { Change: IdentityChange.Account } contact
        ? Put(contact with { Changed = null, Rejected = contact.Changed!.AccountId, IsStranger = false })
        : null;

    /// <summary>Applies a stored commit.</summary>
    public void Recover(ReadOnlySpan<byte> commit)
    {
        var reader = new WireReader(commit);
        while (!reader.AtEnd)
        {
            bool trustedRead = AccountRecord.TryDecode(reader.Opaque24(RecordMaxBytes), out AccountRecord? trusted);
            Invariant.Holds(trustedRead);
            ReadOnlySpan<byte> changedBytes = reader.Opaque24(RecordMaxBytes);
            AccountRecord? changed = null;
            Invariant.Holds(changedBytes.IsEmpty || AccountRecord.TryDecode(changedBytes, out changed));
            bool isStranger = reader.Flag();
            NodeId? rejected = reader.Flag() ? new NodeId(reader.Digest()) : null;
            Invariant.Holds(!reader.Failed);
            Apply(new Contact(trusted!, changed, rejected, isStranger));
        }
    }

    /// <summary>The whole book as one commit.</summary>
    public byte[] EncodeWhole()
    {
        var writer = new WireWriter(8192);
        foreach (Contact contact in _contacts.Values)
        {
            Write(contact, writer);
        }

        return writer.ToArray();
    }

    private static void Write(Contact contact, WireWriter writer)
    {
        writer.Opaque24(contact.Trusted.Encoded.Span);
        writer.Opaque24(contact.Changed is null ? default : contact.Changed.Encoded.Span);
        writer.Flag(contact.IsStranger).Flag(contact.Rejected is not null);
        if (contact.Rejected is { } rejected)
        {
            writer.Digest(rejected.Value);
        }
    }

    private static bool ChangesADevice(AccountRecord record, AccountRecord trusted) => record.Devices.Any(
        device => trusted.FindDevice(device.DeviceId) is { } before && !before.Equals(device));

    private (ContactVerdict Verdict, byte[]? Commit) ObserveTrusted(AccountRecord record, Contact known)
    {
        if (record.Version < known.Trusted.Version)
        {
            return (ContactVerdict.Stale, null);
        }

        if (ChangesADevice(record, known.Trusted))
        {
            bool isOlder = known.Change == IdentityChange.Device && record.Version < known.Changed!.Version;
            return isOlder ? (ContactVerdict.Stale, null) : (ContactVerdict.DeviceChanged, Change(known, record));
        }

        // The directory has the trusted key under the name: a claim of another one is over, or was a lie of a node.
        bool isClaimOver = known.Change == IdentityChange.Account
            || (known.Change == IdentityChange.Device && record.Version > known.Changed!.Version);
        if (record.Version == known.Trusted.Version)
        {
            return (ContactVerdict.Same, isClaimOver ? Put(known with { Changed = null }) : null);
        }

        return (ContactVerdict.Learned, Put(known with
        {
            Trusted = record,
            Changed = isClaimOver ? null : known.Changed,
        }));
    }

    private byte[]? Change(Contact known, AccountRecord record) =>
        record.Equals(known.Changed) ? null : Put(known with { Changed = record });

    private Contact? Waiting(PeerIdentity shown) =>
        Find(shown.Name) is { Changed: { } changed } contact && Digest.Sha256(changed.Encoded.Span) == shown.Shown
            ? contact
            : null;

    private byte[] Put(Contact contact)
    {
        Apply(contact);
        var writer = new WireWriter(8192);
        Write(contact, writer);
        return writer.ToArray();
    }

    private void Apply(Contact contact)
    {
        string name = contact.Trusted.Name;
        if (_contacts.TryGetValue(name, out Contact? before))
        {
            _namesByAccount.Remove(before.Trusted.AccountId);
        }

        _contacts[name] = contact;
        _namesByAccount[contact.Trusted.AccountId] = name;
    }
}
