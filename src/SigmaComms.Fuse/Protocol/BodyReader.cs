using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SigmaComms.Fuse.Files;

namespace SigmaComms.Fuse.Protocol;

/// <summary>
/// Takes a request apart, front to back. After the first thing that is not as it should be everything is empty, and
/// <see cref="Ends"/> says what it was.
/// </summary>
internal struct BodyReader(ReadOnlyMemory<byte> body)
{
    public const int NameBytesMax = 255;
    private ReadOnlyMemory<byte> _rest = body;
    private Errno _error;

    /// <summary>Whether something was not as it should be.</summary>
    public readonly bool IsBroken => _error != Errno.None;

    /// <summary>Takes a structure.</summary>
    public T Take<T>()
        where T : unmanaged
    {
        if (_error != Errno.None || !MemoryMarshal.TryRead(_rest.Span, out T value))
        {
            Fail(Errno.InputOutput);
            return default;
        }

        _rest = _rest[Unsafe.SizeOf<T>()..];
        return value;
    }

    /// <summary>Takes the name of a file.</summary>
    public ReadOnlyMemory<byte> Name()
    {
        ReadOnlyMemory<byte> name = NameOrDots();
        if (name.Span is [(byte)'.'] or [(byte)'.', (byte)'.'])
        {
            Fail(Errno.Invalid);
            return default;
        }

        return name;
    }

    /// <summary>
    /// Takes the name of a file, or the dots by which the kernel finds a node or its directory again.
    /// </summary>
    public ReadOnlyMemory<byte> NameOrDots()
    {
        ReadOnlyMemory<byte> name = Text(NameBytesMax);
        if (name.Span.Contains((byte)'/'))
        {
            Fail(Errno.Invalid);
            return default;
        }

        return name;
    }

    /// <summary>Takes bytes up to a zero; there is at least one.</summary>
    public ReadOnlyMemory<byte> Text(int bytesMax)
    {
        int length = _error == Errno.None ? _rest.Span.IndexOf((byte)0) : -1;
        if (length < 0)
        {
            Fail(Errno.InputOutput);
            return default;
        }

        ReadOnlyMemory<byte> text = _rest[..length];
        _rest = _rest[(length + 1)..];
        if (length == 0 || length > bytesMax)
        {
            Fail(length == 0 ? Errno.Invalid : Errno.NameTooLong);
            return default;
        }

        return text;
    }

    /// <summary>Takes so many bytes.</summary>
    public ReadOnlyMemory<byte> Bytes(uint count)
    {
        if (_error != Errno.None || count > (uint)_rest.Length)
        {
            Fail(Errno.InputOutput);
            return default;
        }

        ReadOnlyMemory<byte> bytes = _rest[..(int)count];
        _rest = _rest[(int)count..];
        return bytes;
    }

    /// <summary>Whether all was as it should be and nothing is left.</summary>
    public readonly bool Ends(out Errno error)
    {
        error = _error == Errno.None && !_rest.IsEmpty ? Errno.InputOutput : _error;
        return error == Errno.None;
    }

    /// <summary>Notes what is wrong, if nothing was before.</summary>
    public void Fail(Errno error)
    {
        _rest = default;
        if (_error == Errno.None)
        {
            _error = error;
        }
    }
}
