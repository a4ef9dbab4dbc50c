using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using SigmaComms.Fuse.Native;

namespace SigmaComms.Fuse.Session;

/// <summary>
/// Mounts and unmounts for ordinary users by fusermount3, which is setuid: it mounts and hands the open device over
/// through a socket.
/// </summary>
internal static class MountProgram
{
    private const string Program = "fusermount3";
    private const string SocketVariable = "_FUSE_COMMFD";
    private const int UnixDomain = 1;
    private const int StreamSocket = 1;
    private const int SetDescriptorFlags = 2;
    private const int CloseOnExec = 1;
    private const int SocketLevel = 1;
    private const int Rights = 1;
    private const int ControlBytes = 24;
    private const int CloseOnExecReceived = 0x40000000;
    private const int RightsOffset = 16;

    public static unsafe SafeFileHandle Mount(string directory, FuseOptions options)
    {
        int* pair = stackalloc int[2];
        if (Libc.SocketPair(UnixDomain, StreamSocket, 0, pair) != 0)
        {
            throw MountPoint.Failure(directory, (Files.Errno)Marshal.GetLastPInvokeError());
        }

        using var ours = new SafeFileHandle(pair[0], ownsHandle: true);
        _ = Libc.Control(pair[0], SetDescriptorFlags, CloseOnExec);
        string words;
        int exitCode;
        using (var theirs = new SafeFileHandle(pair[1], ownsHandle: true))
        {
            IEnumerable<string> own = [$"fsname={options.Source}", $"subtype={options.Subtype}", "nosuid", "nodev"];
            string all = string.Join(
                ',', own.Concat(options.ReadOnly ? ["ro"] : []).Concat(Mounter.KernelOptions(options)));
            (exitCode, words) = Run(pair[1], "-o", all, "--", directory);
        }

        SafeFileHandle? device = exitCode == 0 ? Receive(pair[0]) : null;
        return device ?? throw Refusal(directory, words);
    }

    /// <summary>Unmounts, lazily or not.</summary>
    public static void Unmount(string directory, bool detach)
    {
        (int exitCode, string words) = Run(null, detach ? "-uz" : "-u", "--", directory);
        if (exitCode != 0)
        {
            throw Refusal(directory, words);
        }
    }

    private static (int ExitCode, string Words) Run(int? socket, params string[] arguments)
    {
        var start = new ProcessStartInfo(Program, arguments)
        {
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["LC_ALL"] = "C";
        if (socket is { } descriptor)
        {
            start.Environment[SocketVariable] = descriptor.ToString(CultureInfo.InvariantCulture);
        }

        try
        {
            using Process program = Process.Start(start)!;
            string words = program.StandardError.ReadToEnd();
            program.WaitForExit();
            return (program.ExitCode, words.Trim());
        }
        catch (Win32Exception)
        {
            throw new FuseMountException(
                MountFailure.NoMountProgram, $"{Program} is missing: install the package fuse3, or mount as root.");
        }
    }

    /// <summary>Takes the descriptor that came with one byte.</summary>
    private static unsafe SafeFileHandle? Receive(int socket)
    {
        byte one = 0;
        byte* control = stackalloc byte[ControlBytes];
        var vector = new IoVector { Base = &one, Length = 1 };
        var message = new MessageHeader
        {
            Vectors = &vector,
            VectorCount = 1,
            Control = control,
            ControlLength = ControlBytes,
        };
        nint received = Libc.ReceiveMessage(socket, &message, CloseOnExecReceived);
        bool right = received == 1
            && message.ControlLength >= RightsOffset + sizeof(int)
            && *(int*)(control + sizeof(nuint)) == SocketLevel
            && *(int*)(control + sizeof(nuint) + sizeof(int)) == Rights;
        return right ? new SafeFileHandle(*(int*)(control + RightsOffset), ownsHandle: true) : null;
    }

    /// <summary>The program tells why only in words, in English as it was asked to.</summary>
    private static FuseMountException Refusal(string directory, string words)
    {
        bool Says(string part) => words.Contains(part, StringComparison.OrdinalIgnoreCase);
        MountFailure reason =
            Says("not found in") ? MountFailure.NotMounted
            : Says("busy") ? MountFailure.Busy
            : Says("device not found") || Says("failed to open /dev/fuse: No such") ? MountFailure.NoDevice
            : Says("permission denied") || Says("not permitted") || Says("no write access") || Says("user_allow_other")
                ? MountFailure.NoPermission
            : MountFailure.System;
        return new FuseMountException(reason, $"{directory}: {words}");
    }
}
