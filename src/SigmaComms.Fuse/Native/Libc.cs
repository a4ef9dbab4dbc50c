using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace SigmaComms.Fuse.Native;

/// <summary>What is needed of the C library. Each answers -1 with the error in the last system error.</summary>
internal static unsafe class Libc
{
    public const int OpenReadWrite = 2;
    public const int OpenNonBlocking = 0x800;
    public const int OpenCloseOnExec = 0x80000;
    public const ulong MountReadOnly = 1;
    public const ulong MountNoSetUser = 2;
    public const ulong MountNoDevices = 4;
    public const int UnmountForce = 1;
    public const int UnmountDetach = 2;
    public const int PathMax = 4096;
    private const string Library = "libc";

    /// <summary>O_DIRECTORY, which is not the same number on all processors.</summary>
    public static int OpenDirectory =>
        RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm ? 0x4000 : 0x10000;

    [DllImport(Library, EntryPoint = "open", SetLastError = true)]
    public static extern int Open(byte* path, int flags, uint mode);

    [DllImport(Library, EntryPoint = "close", SetLastError = true)]
    public static extern int Close(int descriptor);

    [DllImport(Library, EntryPoint = "read", SetLastError = true)]
    public static extern nint Read(SafeFileHandle descriptor, byte* buffer, nuint length);

    [DllImport(Library, EntryPoint = "write", SetLastError = true)]
    public static extern nint Write(SafeFileHandle descriptor, byte* buffer, nuint length);

    [DllImport(Library, EntryPoint = "mount", SetLastError = true)]
    public static extern int Mount(byte* source, byte* target, byte* kind, nuint flags, byte* data);

    [DllImport(Library, EntryPoint = "umount2", SetLastError = true)]
    public static extern int Unmount(byte* target, int flags);

    [DllImport(Library, EntryPoint = "realpath", SetLastError = true)]
    public static extern byte* RealPath(byte* path, byte* resolved);

    [DllImport(Library, EntryPoint = "syncfs", SetLastError = true)]
    public static extern int SyncFileSystem(int descriptor);

    [DllImport(Library, EntryPoint = "geteuid")]
    public static extern uint EffectiveUser();

    [DllImport(Library, EntryPoint = "getegid")]
    public static extern uint EffectiveGroup();

    [DllImport(Library, EntryPoint = "socketpair", SetLastError = true)]
    public static extern int SocketPair(int domain, int kind, int protocol, int* pair);

    [DllImport(Library, EntryPoint = "recvmsg", SetLastError = true)]
    public static extern nint ReceiveMessage(int socket, MessageHeader* message, int flags);

    [DllImport(Library, EntryPoint = "fcntl", SetLastError = true)]
    public static extern int Control(int descriptor, int command, nint argument);
}
