using System.Runtime.InteropServices;

namespace SigmaComms.ConstantTime.Tests.Probing;

/// <summary>
/// Talks to valgrind's memcheck: marks memory as undefined, so that every branch and every address that depends on it
/// is reported.
/// </summary>
/// <remarks>
/// A request is four rotations of rdi, which together change nothing, and an exchange of rbx with itself; valgrind
/// takes it as a call with rax pointing at the request (valgrind manual, section 3.1). A few bytes of machine code in a
/// page of their own need no C compiler. On another processor than x64 there are no requests.
/// </remarks>
internal sealed unsafe partial class Memcheck : IDisposable
{
    private const nuint RunningOnValgrind = 0x1001;
    private const nuint MakeUndefined = 0x4D430001;
    private const nuint MakeDefined = 0x4D430002;
    private const nuint GetBits = 0x4D430008;
    private const int PageSize = 4096;
    private const int ReadWrite = 3;
    private const int ReadExecute = 5;
    private const int PrivateAnonymous = 0x22;

    private static readonly byte[] Code =
    [
        0x48, 0x89, 0xF8, // mov rax, rdi
        0x31, 0xD2, // xor edx, edx
        0x48, 0xC1, 0xC7, 0x03, // rol rdi, 3
        0x48, 0xC1, 0xC7, 0x0D, // rol rdi, 13
        0x48, 0xC1, 0xC7, 0x3D, // rol rdi, 61
        0x48, 0xC1, 0xC7, 0x33, // rol rdi, 51
        0x48, 0x87, 0xDB, // xchg rbx, rbx
        0x48, 0x89, 0xD0, // mov rax, rdx
        0xC3, // ret
    ];

    private readonly void* _page;

    public Memcheck()
    {
        _page = Map(null, PageSize, ReadWrite, PrivateAnonymous, -1, 0);
        Code.CopyTo(new Span<byte>(_page, PageSize));
        if (Protect(_page, PageSize, ReadExecute) != 0)
        {
            throw new InvalidOperationException("No executable page.");
        }
    }

    /// <summary>Whether valgrind runs this process.</summary>
    public bool IsRunning => Request(RunningOnValgrind, 0, 0, 0) != 0;

    /// <summary>From here on the content counts as secret. The memory must be pinned.</summary>
    public void Poison(ReadOnlySpan<byte> pinned) => Mark(MakeUndefined, pinned);

    /// <summary>From here on the content counts as public.</summary>
    public void Declassify(ReadOnlySpan<byte> pinned) => Mark(MakeDefined, pinned);

    /// <summary>Whether any bit depends on a secret.</summary>
    public bool IsPoisoned(ReadOnlySpan<byte> pinned)
    {
        byte[] bits = GC.AllocateArray<byte>(pinned.Length, pinned: true);
        fixed (byte* data = pinned, marks = bits)
        {
            Request(GetBits, (nuint)data, (nuint)marks, (nuint)pinned.Length);
        }

        return bits.Any(static mark => mark != 0);
    }

    public void Dispose() => _ = Unmap(_page, PageSize);

    private void Mark(nuint request, ReadOnlySpan<byte> pinned)
    {
        fixed (byte* data = pinned)
        {
            Request(request, (nuint)data, (nuint)pinned.Length, 0);
        }
    }

    private nuint Request(nuint code, nuint first, nuint second, nuint third)
    {
        nuint* request = stackalloc nuint[] { code, first, second, third, 0, 0 };
        return ((delegate* unmanaged<nuint*, nuint>)_page)(request);
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial void* Map(void* address, nuint length, int protection, int flags, int file, long offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(void* address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(void* address, nuint length);
}
