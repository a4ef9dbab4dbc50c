using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.Membership;

/// <summary>Nodes in ascending order after a one-byte count.</summary>
internal static class NodeIdList
{
    /// <summary>Writes the nodes.</summary>
    public static void Write(WireWriter writer, IReadOnlyCollection<NodeId> nodes)
    {
        writer.U8((byte)nodes.Count);
        foreach (NodeId node in nodes)
        {
            writer.Digest(node.Value);
        }
    }

    /// <summary>Reads nodes; the reader fails if they are too many or do not ascend strictly.</summary>
    public static List<NodeId> Read(ref WireReader reader, int countMax)
    {
        int count = reader.U8();
        if (count > countMax)
        {
            reader.Fail();
        }

        List<NodeId> nodes = [];
        for (int i = 0; i < count && !reader.Failed; i++)
        {
            NodeId node = new(reader.Digest());
            if (i > 0 && node <= nodes[^1])
            {
                reader.Fail();
            }

            nodes.Add(node);
        }

        return nodes;
    }
}
