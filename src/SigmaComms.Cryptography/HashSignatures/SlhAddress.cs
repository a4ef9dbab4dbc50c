using System.Buffers.Binary;

namespace SigmaComms.Cryptography.HashSignatures;

/// <summary>The place of a hash in the whole structure, so that no two hashes have the same input.</summary>
/// <param name="Layer">Layer of the tree, from the lowest.</param>
/// <param name="Tree">Number of the tree in its layer; at most 64 bits in every parameter set.</param>
/// <param name="Type">What the hash is for.</param>
/// <param name="KeyPair">Which key of the tree; 0 for a node of a tree.</param>
/// <param name="Chain">The chain, or the height of a node.</param>
/// <param name="Index">The step of a chain, or the number of a node at its height.</param>
/// <standard>FIPS 205, sections 4.2 and 11.2.</standard>
internal readonly record struct SlhAddress(
    uint Layer, ulong Tree, SlhAddressType Type, uint KeyPair = 0, uint Chain = 0, uint Index = 0)
{
    /// <summary>Bytes of the address as SHA-2 takes it.</summary>
    public const int CompressedSize = 22;

    /// <summary>Writes the address as SHA-2 takes it.</summary>
    /// <param name="bytes">Receives 22 bytes.</param>
    public void WriteCompressed(Span<byte> bytes)
    {
        bytes[0] = (byte)Layer;
        bytes[9] = (byte)Type;
        BinaryPrimitives.WriteUInt64BigEndian(bytes[1..], Tree);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[10..], KeyPair);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[14..], Chain);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[18..], Index);
    }
}
