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

    /// <summary>Compares a verified record with what is trusted.</summary>
    /// <param name="record">The record.</param>
    /// <returns>The verdict, and the commit that must be stored, if anything changed.</returns>
    public (ContactVerdict Verdict, byte[]? Commit) Observe(AccountRecord record)
    {
        Contact? known = Find(record.Name);
        if (known is null)
        {
            return (ContactVerdict.Learned, Put(new Contact(record, null)));
        }

        if (record.AccountId != known.Trusted.AccountId)
        {
            return record.Equals(known.Changed)
                ? (ContactVerdict.IdentityChanged, null)
                : (ContactVerdict.IdentityChanged, Put(known with { Changed = record }));
        }

        if (record.Version < known.Trusted.Version)
        {
            return (ContactVerdict.Stale, null);
        }

        if (record.Version == known.Trusted.Version)
        {
            return (ContactVerdict.Same, null);
        }

        return (ContactVerdict.Learned, Put(known with { Trusted = record }));
    }

    /// <summary>The user accepts the changed identity.</summary>
    /// <returns>The commit that must be stored, or null if there was nothing to accept.</returns>
    public byte[]? Accept(string name) =>
        Find(name) is { Changed: { } changed } ? Put(new Contact(changed, null)) : null;

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
            Invariant.Holds(!reader.Failed);
            Apply(new Contact(trusted!, changed));
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

    private static void Write(Contact contact, WireWriter writer) => writer
        .Opaque24(contact.Trusted.Encoded.Span)
        .Opaque24(contact.Changed is null ? default : contact.Changed.Encoded.Span);

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
