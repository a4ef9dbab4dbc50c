using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SigmaComms.Cluster.Storage.Buckets;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Vault;
using SigmaComms.Vault.Scatter;
using SigmaComms.Vault.Sealing;

namespace SigmaComms.Cluster.Tests.Storage.Buckets;

/// <summary>Stores over a server, and fragments for them.</summary>
internal static class BucketFixture
{
    public static readonly byte[] StorageKey = [.. Enumerable.Range(1, ObjectSealer.KeySize).Select(i => (byte)i)];

    public static BucketFragmentStore Store(
        BucketOptions options, TimeProvider? time = null, ILogger? logger = null, byte[]? storageKey = null) =>
        new(
            options,
            new ObjectSealer(storageKey ?? StorageKey, SystemRandom.Instance),
            time ?? TimeProvider.System,
            logger ?? NullLogger.Instance);

    /// <summary>A fragment of a stripe of some fragments, with random content.</summary>
    public static (FragmentLabel Label, byte[] Bytes) Fragment(int length, int siblings = 1)
    {
        byte[] bytes = RandomBytes(length);
        Digest[] roots =
        [
            FragmentTree.RootOf(bytes),
            .. Enumerable.Range(1, siblings - 1).Select(static _ => new Digest(RandomBytes(32))),
        ];
        int data = (siblings / 2) + 1;
        FragmentLabel label = new(
            new Digest(RandomBytes(32)), new StripeId(RandomBytes(16)), data, 0, length, new Digest(RandomBytes(32)),
            roots);
        return (label, bytes);
    }

    private static byte[] RandomBytes(int count)
    {
        byte[] bytes = new byte[count];
        SystemRandom.Instance.Fill(bytes);
        return bytes;
    }
}
