using System.Runtime.InteropServices;

namespace SigmaComms.Cryptography.Tests;

/// <summary>Memory between two pages that nobody may touch: a read or write past the span ends the process.</summary>
internal sealed unsafe class GuardedBuffer : IDisposable
{
    private const int PageSize = 4096;
    private const int ReadAndWrite = 3;
    private const int PrivateAndAnonymous = 0x22;

    private readonly byte* _first;
    private readonly nuint _mappedBytes;
    private readonly byte* _start;
    private readonly int _sizeBytes;

    public GuardedBuffer(int sizeBytes, bool atTheEnd)
    {
        int pages = (sizeBytes + PageSize - 1) / PageSize;
        _mappedBytes = (nuint)((pages + 2) * PageSize);
        _first = (byte*)Map(null, _mappedBytes, 0, PrivateAndAnonymous, -1, 0);
        Assert.NotEqual(-1, (nint)_first);
        Assert.Equal(0, Protect(_first + PageSize, (nuint)(pages * PageSize), ReadAndWrite));
        _start = _first + PageSize + (atTheEnd ? (pages * PageSize) - sizeBytes : 0);
        _sizeBytes = sizeBytes;
    }

    public GuardedBuffer(byte[] content, bool atTheEnd)
        : this(content.Length, atTheEnd)
    {
        content.CopyTo(Span);
    }

    public Span<byte> Span => new(_start, _sizeBytes);

    public void Dispose() => Assert.Equal(0, Unmap(_first, _mappedBytes));

    [DllImport("libc", EntryPoint = "mmap")]
    private static extern void* Map(void* address, nuint size, int protection, int flags, int file, nint offset);

    [DllImport("libc", EntryPoint = "mprotect")]
    private static extern int Protect(void* address, nuint size, int protection);

    [DllImport("libc", EntryPoint = "munmap")]
    private static extern int Unmap(void* address, nuint size);
}
