using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace SigmaComms.Cryptography.Lattice;

/// <summary>Room for coefficients outside the collector's heap, on cache lines; zeroed before it is freed.</summary>
/// <remarks>Keys that sign once come and go often and are large: too costly for pinned arrays.</remarks>
internal sealed unsafe class SecretCoefficients : SafeHandle
{
    private readonly int _length;

    /// <summary>Takes the room; what is in it means nothing.</summary>
    /// <param name="length">How many coefficients.</param>
    public SecretCoefficients(int length)
        : base(0, ownsHandle: true)
    {
        _length = length;
        SetHandle((nint)NativeMemory.AlignedAlloc(
            (nuint)length * sizeof(uint), MlDsaAlignment.Slack * sizeof(uint)));
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>The coefficients; their user keeps the owner alive.</summary>
    public Span<uint> Span
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsClosed, this);
            return new Span<uint>((void*)handle, _length);
        }
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        CryptographicOperations.ZeroMemory(new Span<byte>((void*)handle, _length * sizeof(uint)));
        NativeMemory.AlignedFree((void*)handle);
        return true;
    }
}
