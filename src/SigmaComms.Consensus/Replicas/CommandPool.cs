using SigmaComms.Consensus.Commands;
using SigmaComms.Consensus.Ledgers;
using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Replicas;

/// <summary>The commands that wait, in the order in which they came; bounded.</summary>
internal sealed class CommandPool(ReplicaOptions options)
{
    private readonly LinkedList<Entry> _waiting = new();
    private readonly Dictionary<Digest, LinkedListNode<Entry>> _byDigest = [];
    private int _bytes;

    public int Count => _waiting.Count;

    /// <summary>Adds a group; false if it is there already or there is no room.</summary>
    public bool TryAdd(CommandGroup group, bool isOwn)
    {
        if (_byDigest.TryGetValue(group.Digest, out LinkedListNode<Entry>? known))
        {
            known.Value = known.Value with { IsOwn = known.Value.IsOwn || isOwn };
            return false;
        }

        // What peers send fills half of the room at most: whoever floods them keeps no client of this node out.
        int share = isOwn ? 1 : 2;
        if (_waiting.Count >= options.WaitingGroupsMax / share
            || _bytes + group.Encoded.Length > options.WaitingBytesMax / share)
        {
            return false;
        }

        _byDigest.Add(group.Digest, _waiting.AddLast(new Entry(group, isOwn, HasWaited: false)));
        _bytes += group.Encoded.Length;
        return true;
    }

    public void Remove(Digest group)
    {
        if (_byDigest.Remove(group, out LinkedListNode<Entry>? node))
        {
            _bytes -= node.Value.Group.Encoded.Length;
            _waiting.Remove(node);
        }
    }

    /// <summary>Drops what other groups have brought into the final ledger meanwhile.</summary>
    public void Sweep(Ledger final)
    {
        LinkedListNode<Entry>? node = _waiting.First;
        while (node is not null)
        {
            LinkedListNode<Entry>? next = node.Next;
            if (IsExecuted(final, node.Value.Group))
            {
                Remove(node.Value.Group.Digest);
            }

            node = next;
        }
    }

    /// <summary>The next body on top of a ledger, without what the blocks that are not final yet carry.</summary>
    public CommandBody Take(Ledger parent, HashSet<Digest> carried)
    {
        List<CommandGroup> taken = [];
        int commands = 0;
        int bytes = CommandBody.OverheadSize;
        foreach (Entry entry in _waiting)
        {
            CommandGroup group = entry.Group;
            if (carried.Contains(group.Digest) || IsExecuted(parent, group))
            {
                continue;
            }

            commands += group.Commands.Count;
            bytes += group.Encoded.Length + CommandBody.GroupOverhead;
            if (commands > CommandGroup.CommandsMax || bytes > CommandBody.EncodedSizeMax)
            {
                break;
            }

            taken.Add(group);
        }

        return taken.Count == 0 ? CommandBody.Empty : CommandBody.Of(taken);
    }

    /// <summary>The oldest groups of this node that wait since the last time, to send them again.</summary>
    public List<CommandGroup> Overdue(int countMax)
    {
        List<CommandGroup> overdue = [];
        for (LinkedListNode<Entry>? node = _waiting.First; node is not null; node = node.Next)
        {
            if (node.Value is { IsOwn: true, HasWaited: true } && overdue.Count < countMax)
            {
                overdue.Add(node.Value.Group);
            }

            node.Value = node.Value with { HasWaited = true };
        }

        return overdue;
    }

    private static bool IsExecuted(Ledger ledger, CommandGroup group)
    {
        foreach (Command command in group.Commands)
        {
            if (!ledger.IsExecuted(command))
            {
                return false;
            }
        }

        return true;
    }

    private readonly record struct Entry(CommandGroup Group, bool IsOwn, bool HasWaited);
}
