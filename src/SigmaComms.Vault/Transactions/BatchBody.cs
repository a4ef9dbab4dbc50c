using SigmaComms.Cryptography.Encoding;
using SigmaComms.Vault.Namespace;

namespace SigmaComms.Vault.Transactions;

/// <summary>The sealed part of a batch: its operations.</summary>
internal static class BatchBody
{
    /// <summary>Writes operations.</summary>
    public static byte[] Encode(IReadOnlyList<NamespaceOperation> operations)
    {
        WireWriter writer = new(64 * operations.Count);
        writer.U16((ushort)operations.Count);
        foreach (NamespaceOperation operation in operations)
        {
            OperationWriter.Write(writer, operation);
        }

        return writer.ToArray();
    }

    /// <summary>Reads operations; null unless they are well formed.</summary>
    public static List<NamespaceOperation>? Decode(ReadOnlySpan<byte> body)
    {
        var reader = new WireReader(body);
        int count = reader.U16();
        List<NamespaceOperation> operations = [];
        for (int i = 0; i < count && count <= NamespaceLimits.OperationsMax; i++)
        {
            NamespaceOperation? operation = OperationReader.Read(ref reader);
            if (operation is null)
            {
                return null;
            }

            operations.Add(operation);
        }

        return reader.AtEnd && count == operations.Count ? operations : null;
    }
}
