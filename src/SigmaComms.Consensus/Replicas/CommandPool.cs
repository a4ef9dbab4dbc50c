using SigmaComms.Consensus.Commands;
using SigmaComms.Consensus.Ledgers;
using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Replicas;

/// <summary>
/// The commands that wait, in the order in which they came; bounded. A group whose signer the final state does not know
/// would only be refused: it waits apart and gives no reason to go on, in case the signer becomes known.
/// </summary>
internal sealed class CommandPool(ReplicaOptions options)
{
    private const int StrangersMax = 64;
    private const int StrangersBytesMax = 256 * 1024;

    private readonly LinkedList<Entry> _waiting = new();
    private readonly Queue<(CommandGroup Group, bool IsOwn)> _strangers = new();
    private readonly Dictionary<Digest, LinkedListNode<Entry>> _byDigest = [];
    private int _bytes;
    private int _strangersBytes;

    public int Count => _waiting.Count;

    /// <summary>
    /// Adds a group; false if it is there already, there is no room, or its signer is not known.
    /// </summary>
    public bool TryAdd(CommandGroup group, bool isOwn, Ledger final)
    {
        if (!final.Knows(group.Signer))
        {
            AddStranger(group, isOwn);
            return false;
        }

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

    /// <summary>After final blocks: takes in those whose signer is known now.</summary>
    public void Recognize(Ledger final)
    {
        for (int i = _strangers.Count; i > 0; i--)
        {
            (CommandGroup group, bool isOwn) = DropStranger();
            TryAdd(group, isOwn, final);
        }
    }

    /// <summary>
    /// Drops what other groups have brought into the final ledger meanwhile, and what signers left who are not known
    /// any more.
    /// </summary>
    public void Sweep(Ledger final)
    {
        LinkedListNode<Entry>? node = _waiting.First;
        while (node is not null)
        {
            LinkedListNode<Entry>? next = node.Next;
            if (IsExecuted(final, node.Value.Group) || !final.Knows(node.Value.Group.Signer))
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
            if (carried.Contains(group.Digest) || IsExecuted(parent, group) || !parent.Knows(group.Signer))
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

    /// <summary>Whether a block on top of a ledger would have commands.</summary>
    public bool HasFor(Ledger parent, HashSet<Digest> carried)
    {
        foreach (Entry entry in _waiting)
        {
            if (!carried.Contains(entry.Group.Digest) && !IsExecuted(parent, entry.Group))
            {
                return true;
            }
        }

        return false;
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

    // The oldest goes: to fill this place costs a liar a signature each time, and an honest one is sent again.
    private void AddStranger(CommandGroup group, bool isOwn)
    {
        if (group.Encoded.Length > StrangersBytesMax || _strangers.Any(known => known.Group.Digest == group.Digest))
        {
            return;
        }

        while (_strangers.Count >= StrangersMax || _strangersBytes + group.Encoded.Length > StrangersBytesMax)
        {
            DropStranger();
        }

        _strangers.Enqueue((group, isOwn));
        _strangersBytes += group.Encoded.Length;
    }

    private (CommandGroup Group, bool IsOwn) DropStranger()
    {
        (CommandGroup Group, bool IsOwn) first = _strangers.Dequeue();
        _strangersBytes -= first.Group.Encoded.Length;
        return first;
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
