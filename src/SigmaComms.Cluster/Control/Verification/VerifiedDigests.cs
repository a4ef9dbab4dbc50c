using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Control.Verification;

/// <summary>
/// What was verified lately, so that a vote that comes again in a certificate, or a group in a block, is not verified
/// twice. Two generations take turns, so its memory is bounded.
/// </summary>
/// <remarks>Safe to call from any thread.</remarks>
internal sealed class VerifiedDigests(int generationMax)
{
    private readonly Lock _gate = new();
    private HashSet<Digest> _young = [];
    private HashSet<Digest> _old = [];

    /// <summary>Whether it was verified, as far as is remembered.</summary>
    public bool Contains(Digest digest)
    {
        lock (_gate)
        {
            return _young.Contains(digest) || _old.Contains(digest);
        }
    }

    /// <summary>Remembers that it was verified.</summary>
    public void Add(Digest digest)
    {
        lock (_gate)
        {
            if (_young.Count >= generationMax)
            {
                (_old, _young) = (_young, []);
            }

            _young.Add(digest);
        }
    }
}
