using System.Security.Cryptography;
using SigmaComms.Cryptography;
using SigmaComms.Vault.Erasure;

namespace SigmaComms.Vault.Sealing;

/// <summary>Collects verified fragments of one stripe until there are enough to open it.</summary>
/// <remarks>Nothing enters the stripe before it matched its root. Not safe to call from two threads.</remarks>
public sealed class StripeAssembly : IDisposable
{
    private readonly Memory<byte> _stripe;
    private readonly StripeLayout _layout;
    private readonly bool[] _present;
    private readonly byte[] _digests;
    private readonly int _treeSize;

    /// <summary>Starts without any fragment.</summary>
    /// <param name="entry">The stripe's entry.</param>
    /// <param name="stripe">Room for all fragments, of the layout's length; the caller zeroes it in the end.</param>
    /// <exception cref="ArgumentException">The room has the wrong length.</exception>
    public StripeAssembly(StripeEntry entry, Memory<byte> stripe)
    {
        ArgumentNullException.ThrowIfNull(entry);
        Entry = entry;
        _layout = entry.Layout;
        if (stripe.Length != _layout.StripeLength)
        {
            throw new ArgumentException($"The stripe has {_layout.StripeLength} bytes.", nameof(stripe));
        }

        _stripe = stripe;
        _present = new bool[_layout.Fragments];
        _treeSize = FragmentTree.BlockCount(_layout.FragmentLength) * Digest.SizeBytes;
        _digests = new byte[_layout.DataFragments * _treeSize];
        Needed = _layout.DataFragments;
    }

    /// <summary>The stripe's entry.</summary>
    public StripeEntry Entry { get; }

    /// <summary>How many fragments are still needed.</summary>
    public int Needed { get; private set; }

    /// <summary>Whether a fragment was accepted.</summary>
    /// <param name="index">0 to k + m - 1.</param>
    public bool Has(int index) => _present[index];

    /// <summary>Takes a fragment in if it is the right one.</summary>
    /// <param name="index">0 to k + m - 1.</param>
    /// <param name="fragment">Its bytes; untrusted.</param>
    /// <returns>False, with nothing changed, if length or root differ from the entry's.</returns>
    public bool TryAccept(int index, ReadOnlySpan<byte> fragment)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, _layout.Fragments);
        if (_present[index])
        {
            return true;
        }

        if (fragment.Length != _layout.FragmentLength || !TryHash(index, fragment))
        {
            return false;
        }

        fragment.CopyTo(Slot(index));
        _present[index] = true;
        Needed = Math.Max(0, Needed - 1);
        return true;
    }

    /// <summary>Zeroes what leads to the stripe's key. May be called twice.</summary>
    public void Dispose() => CryptographicOperations.ZeroMemory(_digests);

    /// <summary>The body and its block digests, with missing data fragments rebuilt.</summary>
    /// <param name="code">The code of the entry's shape.</param>
    /// <param name="digests">The digests of all blocks of all data fragments.</param>
    /// <param name="body">All data fragments.</param>
    /// <returns>False if a rebuilt fragment is not the one that the entry names.</returns>
    internal bool TryComplete(ErasureCode code, out ReadOnlySpan<byte> digests, out Span<byte> body)
    {
        Invariant.Holds(Needed == 0);
        digests = _digests;
        body = _stripe.Span[.._layout.BodyLength];
        bool[] wanted = new bool[_layout.Fragments];
        wanted.AsSpan(0, _layout.DataFragments).Fill(true);
        bool rebuilt = code.TryRebuild(_stripe.Span, _present, wanted);
        Invariant.Holds(rebuilt);
        for (int i = 0; i < _layout.DataFragments; i++)
        {
            if (!_present[i] && !TryHash(i, Slot(i)))
            {
                return false;
            }
        }

        return true;
    }

    private Span<byte> Slot(int index) =>
        _stripe.Span.Slice(index * _layout.FragmentLength, _layout.FragmentLength);

    private bool TryHash(int index, ReadOnlySpan<byte> fragment)
    {
        if (index >= _layout.DataFragments)
        {
            return FragmentTree.RootOf(fragment) == Entry.Root(index);
        }

        Span<byte> tree = _digests.AsSpan(index * _treeSize, _treeSize);
        FragmentTree.HashBlocks(fragment, tree);
        return FragmentTree.Root(tree) == Entry.Root(index);
    }
}
