using SigmaComms.Cryptography;
using SigmaComms.Messaging.KeyDirectory;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Directory;

/// <summary>
/// Account records and last-resort bundles on this node. Pure; belongs to the directory's actor. A name is bound to
/// an account by the first record that this node accepted; a record that a majority accepted outweighs that.
/// </summary>
internal sealed class DirectoryState(DeviceTable devices, int accountsMax)
{
    private readonly Dictionary<string, NodeId> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<NodeId, AccountRecord> _votes = [];
    private readonly SortedDictionary<NodeId, AccountRecord> _committed = [];
    private readonly SortedDictionary<NodeId, (ulong Version, ReadOnlyMemory<byte> Bundle)> _lastResorts = [];

    /// <summary>Records held.</summary>
    public int Count => _votes.Count + _committed.Count + _lastResorts.Count;

    /// <summary>What speaks against binding the record's name to its account here; null if nothing does.</summary>
    public Refused? ObjectionToVote(AccountRecord record)
    {
        if (_names.TryGetValue(record.Name, out NodeId owner) && owner != record.AccountId)
        {
            return new Refused(RefusalReason.NameTaken, $"the name {record.Name} is bound to another account key");
        }

        return ObjectionToVersion(record, _votes.GetValueOrDefault(record.AccountId))
            ?? (_votes.ContainsKey(record.AccountId) ? null : ObjectionToOneMore());
    }

    /// <summary>What speaks against serving the record; null if nothing does.</summary>
    public Refused? ObjectionToCommit(AccountRecord record)
    {
        if (_names.TryGetValue(record.Name, out NodeId owner) && owner != record.AccountId
            && _committed.ContainsKey(owner))
        {
            return new Refused(RefusalReason.NameTaken, $"the name {record.Name} is bound to another account key");
        }

        return ObjectionToVersion(record, _committed.GetValueOrDefault(record.AccountId))
            ?? (_votes.ContainsKey(record.AccountId) ? null : ObjectionToOneMore());
    }

    /// <summary>Whether the very record is held as accepted here.</summary>
    public bool HasVote(AccountRecord record) => _votes.TryGetValue(record.AccountId, out AccountRecord? held)
        && held.Encoded.Span.SequenceEqual(record.Encoded.Span);

    /// <summary>Whether the very record is served here.</summary>
    public bool HasCommitted(AccountRecord record) =>
        _committed.TryGetValue(record.AccountId, out AccountRecord? held)
        && held.Encoded.Span.SequenceEqual(record.Encoded.Span);

    /// <summary>The record was accepted here.</summary>
    public void Vote(AccountRecord record)
    {
        _names[record.Name] = record.AccountId;
        _votes[record.AccountId] = record;
        NoteDevices(record);
    }

    /// <summary>The record was accepted by a majority.</summary>
    public void Commit(AccountRecord record)
    {
        if (_names.TryGetValue(record.Name, out NodeId owner) && owner != record.AccountId)
        {
            _votes.Remove(owner);
        }

        _names[record.Name] = record.AccountId;
        _votes[record.AccountId] = record;
        _committed[record.AccountId] = record;
        NoteDevices(record);
    }

    /// <summary>Whether a last-resort bundle of this version would be news.</summary>
    public bool IsNewer(NodeId device, ulong version) =>
        !_lastResorts.TryGetValue(device, out (ulong Version, ReadOnlyMemory<byte> Bundle) held)
        || held.Version < version;

    /// <summary>A last-resort bundle is kept.</summary>
    public void SetLastResort(NodeId device, ulong version, ReadOnlyMemory<byte> bundle)
    {
        if (IsNewer(device, version))
        {
            _lastResorts[device] = (version, bundle);
            devices.Add(device);
        }
    }

    /// <summary>The last-resort bundle of a device, or null.</summary>
    public ReadOnlyMemory<byte>? LastResort(NodeId device) =>
        // A bare null would become an empty bundle on its way through byte[].
        _lastResorts.TryGetValue(device, out (ulong Version, ReadOnlyMemory<byte> Bundle) held)
            ? held.Bundle
            : default(ReadOnlyMemory<byte>?);

    /// <summary>The record that is served under a name, or null.</summary>
    public AccountRecord? Find(string name) =>
        _names.TryGetValue(name, out NodeId account) ? Find(account) : null;

    /// <summary>The record that is served for an account, or null.</summary>
    public AccountRecord? Find(NodeId account) => _committed.GetValueOrDefault(account);

    /// <summary>A page of what is served, by key; never cut between two records of one key.</summary>
    public RecordSummary Summary(NodeId? after)
    {
        RecordHead[] all = [.. _committed.Values
            .Select(record => new RecordHead(RecordKind.Account, record.AccountId, record.Version))
            .Concat(_lastResorts.Select(pair => new RecordHead(RecordKind.LastResort, pair.Key, pair.Value.Version)))
            .Where(head => after is not { } start || head.Key > start)
            .OrderBy(head => head.Key)];
        int count = Math.Min(all.Length, LinkLimits.HeadsPerSummary - 1);
        while (count > 0 && count < all.Length && all[count].Key == all[count - 1].Key)
        {
            count++;
        }

        return new RecordSummary(all[..count], count < all.Length);
    }

    /// <summary>Which of the records another node has are news here.</summary>
    public IReadOnlyList<RecordHead> Missing(IReadOnlyList<RecordHead> heads) => [.. heads.Where(head =>
        head.Kind == RecordKind.Account
            ? !_committed.TryGetValue(head.Key, out AccountRecord? held) || held.Version < head.Version
            : IsNewer(head.Key, head.Version))];

    /// <summary>The records that were asked for, as far as they are here.</summary>
    public Records Pull(IReadOnlyList<RecordHead> wanted)
    {
        var found = new List<DirectoryRecord>();
        foreach (RecordHead head in wanted)
        {
            if (head.Kind == RecordKind.Account && Find(head.Key) is { } record)
            {
                found.Add(new DirectoryRecord(head with { Version = record.Version }, record.Encoded));
            }
            else if (head.Kind == RecordKind.LastResort
                && _lastResorts.TryGetValue(head.Key, out (ulong Version, ReadOnlyMemory<byte> Bundle) held))
            {
                found.Add(new DirectoryRecord(head with { Version = held.Version }, held.Bundle));
            }
        }

        return new Records(found);
    }

    /// <summary>Everything, as events that rebuild it.</summary>
    public IEnumerable<DirectoryEvent> Everything() =>
        _votes.Values.Where(vote => !HasCommitted(vote)).Select(DirectoryEvent.Voted)
            .Concat(_committed.Values.Select(DirectoryEvent.Committed))
            .Concat(_lastResorts.Select(pair =>
                DirectoryEvent.LastResort(pair.Key, pair.Value.Version, pair.Value.Bundle)));

    /// <summary>A device counts as soon as one node accepted a record with it: nobody is refused too early.</summary>
    private void NoteDevices(AccountRecord record)
    {
        foreach (DeviceEntry device in record.Devices)
        {
            devices.Add(device.DeviceId, device.SigPublicKey);
        }
    }

    private Refused? ObjectionToOneMore() => _votes.Count < accountsMax
        ? null
        : new Refused(RefusalReason.StorageFailed, "this node keeps as many accounts as it may");

    private static Refused? ObjectionToVersion(AccountRecord record, AccountRecord? held) =>
        held is null || held.Encoded.Span.SequenceEqual(record.Encoded.Span) || record.Replaces(held)
            ? null
            : new Refused(
                RefusalReason.StaleVersion,
                $"version {held.Version} of the account {held.Name} is stored; raise the version, keep the name");
}
