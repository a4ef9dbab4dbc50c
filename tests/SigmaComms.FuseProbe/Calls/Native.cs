using System.Runtime.InteropServices;

namespace SigmaComms.FuseProbe.Calls;

/// <summary>System calls that tests make on a mount.</summary>
internal static unsafe class Native
{
    private const string Library = "libc";

    [DllImport(Library, EntryPoint = "open", SetLastError = true)]
    public static extern int Open(string path, int flags, uint mode);

    [DllImport(Library, EntryPoint = "close", SetLastError = true)]
    public static extern int Close(int descriptor);

    [DllImport(Library, EntryPoint = "pread", SetLastError = true)]
    public static extern nint ReadAt(int descriptor, byte* buffer, nuint length, long offset);

    [DllImport(Library, EntryPoint = "pwrite", SetLastError = true)]
    public static extern nint WriteAt(int descriptor, byte* buffer, nuint length, long offset);

    [DllImport(Library, EntryPoint = "write", SetLastError = true)]
    public static extern nint Write(int descriptor, byte* buffer, nuint length);

    [DllImport(Library, EntryPoint = "fsync", SetLastError = true)]
    public static extern int Sync(int descriptor);

    [DllImport(Library, EntryPoint = "ftruncate", SetLastError = true)]
    public static extern int Truncate(int descriptor, long size);

    [DllImport(Library, EntryPoint = "fallocate", SetLastError = true)]
    public static extern int Allocate(int descriptor, int mode, long offset, long length);

    [DllImport(Library, EntryPoint = "lseek", SetLastError = true)]
    public static extern long Seek(int descriptor, long offset, int whence);

    [DllImport(Library, EntryPoint = "renameat2", SetLastError = true)]
    public static extern int Rename(int fromDirectory, string from, int toDirectory, string to, uint flags);

    [DllImport(Library, EntryPoint = "linkat", SetLastError = true)]
    public static extern int Link(int fromDirectory, string from, int toDirectory, string to, int flags);

    [DllImport(Library, EntryPoint = "symlink", SetLastError = true)]
    public static extern int SymbolicLink(string target, string path);

    [DllImport(Library, EntryPoint = "readlink", SetLastError = true)]
    public static extern nint ReadLink(string path, byte* buffer, nuint length);

    [DllImport(Library, EntryPoint = "unlink", SetLastError = true)]
    public static extern int Unlink(string path);

    [DllImport(Library, EntryPoint = "rmdir", SetLastError = true)]
    public static extern int RemoveDirectory(string path);

    [DllImport(Library, EntryPoint = "mkdir", SetLastError = true)]
    public static extern int MakeDirectory(string path, uint mode);

    [DllImport(Library, EntryPoint = "mknod", SetLastError = true)]
    public static extern int MakeNode(string path, uint mode, ulong device);

    [DllImport(Library, EntryPoint = "chmod", SetLastError = true)]
    public static extern int ChangeMode(string path, uint mode);

    [DllImport(Library, EntryPoint = "lchown", SetLastError = true)]
    public static extern int ChangeOwner(string path, uint user, uint group);

    [DllImport(Library, EntryPoint = "access", SetLastError = true)]
    public static extern int Access(string path, int mode);

    [DllImport(Library, EntryPoint = "utimensat", SetLastError = true)]
    public static extern int SetTimes(int directory, string path, long* times, int flags);

    [DllImport(Library, EntryPoint = "statx", SetLastError = true)]
    public static extern int Status(int directory, string path, int flags, uint mask, byte* status);

    [DllImport(Library, EntryPoint = "lsetxattr", SetLastError = true)]
    public static extern int SetXattr(string path, string name, byte* value, nuint length, int flags);

    [DllImport(Library, EntryPoint = "lgetxattr", SetLastError = true)]
    public static extern nint GetXattr(string path, string name, byte* value, nuint length);

    [DllImport(Library, EntryPoint = "llistxattr", SetLastError = true)]
    public static extern nint ListXattrs(string path, byte* list, nuint length);

    [DllImport(Library, EntryPoint = "lremovexattr", SetLastError = true)]
    public static extern int RemoveXattr(string path, string name);

    [DllImport(Library, EntryPoint = "getdents64", SetLastError = true)]
    public static extern nint ReadDirectory(int descriptor, byte* buffer, nuint length);

    [DllImport(Library, EntryPoint = "fcntl", SetLastError = true)]
    public static extern int Control(int descriptor, int command, byte* argument);

    [DllImport(Library, EntryPoint = "flock", SetLastError = true)]
    public static extern int Flock(int descriptor, int operation);

    [DllImport(Library, EntryPoint = "mmap", SetLastError = true)]
    public static extern byte* Map(void* address, nuint length, int protection, int flags, int descriptor, long offset);

    [DllImport(Library, EntryPoint = "munmap", SetLastError = true)]
    public static extern int Unmap(byte* address, nuint length);

    [DllImport(Library, EntryPoint = "copy_file_range", SetLastError = true)]
    public static extern nint CopyRange(int from, long* fromOffset, int to, long* toOffset, nuint length, uint flags);

    [DllImport(Library, EntryPoint = "setuid", SetLastError = true)]
    public static extern int SetUser(uint user);

    [DllImport(Library, EntryPoint = "geteuid")]
    public static extern uint EffectiveUser();

    [DllImport(Library, EntryPoint = "umask")]
    public static extern uint SetMask(uint mask);
}
