using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace SigmaComms.Tidy.Tests.Rules;

/// <summary>The public surface of a built assembly as sorted text: a type, then its members, one a line.</summary>
public static class PublicApi
{
    private static readonly SymbolDisplayFormat Format = new(
        globalNamespaceStyle: SymbolDisplayGlobalNamespaceStyle.Omitted,
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces,
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters
            | SymbolDisplayGenericsOptions.IncludeTypeConstraints | SymbolDisplayGenericsOptions.IncludeVariance,
        memberOptions: SymbolDisplayMemberOptions.IncludeParameters
            | SymbolDisplayMemberOptions.IncludeType | SymbolDisplayMemberOptions.IncludeModifiers
            | SymbolDisplayMemberOptions.IncludeConstantValue | SymbolDisplayMemberOptions.IncludeRef
            | SymbolDisplayMemberOptions.IncludeExplicitInterface | SymbolDisplayMemberOptions.IncludeAccessibility,
        parameterOptions: SymbolDisplayParameterOptions.IncludeType | SymbolDisplayParameterOptions.IncludeName
            | SymbolDisplayParameterOptions.IncludeDefaultValue | SymbolDisplayParameterOptions.IncludeParamsRefOut
            | SymbolDisplayParameterOptions.IncludeExtensionThis,
        propertyStyle: SymbolDisplayPropertyStyle.ShowReadWriteDescriptor,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes
            | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    private static readonly SymbolDisplayFormat MemberFormat = new(
        globalNamespaceStyle: SymbolDisplayGlobalNamespaceStyle.Omitted,
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypes,
        genericsOptions: Format.GenericsOptions,
        memberOptions: Format.MemberOptions,
        parameterOptions: Format.ParameterOptions,
        propertyStyle: Format.PropertyStyle,
        miscellaneousOptions: Format.MiscellaneousOptions);

    /// <summary>The text of one assembly; the other files are there for the types it mentions.</summary>
    public static string Describe(string assemblyPath, IEnumerable<string> beside)
    {
        string platform = (string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "";
        PortableExecutableReference subject = MetadataReference.CreateFromFile(assemblyPath);
        IEnumerable<MetadataReference> references = platform.Split(Path.PathSeparator).Concat(beside)
            .DistinctBy(path => Path.GetFileName(path))
            .Where(path => File.Exists(path) && Path.GetFileName(path) != Path.GetFileName(assemblyPath))
            .Select(path => MetadataReference.CreateFromFile(path));
        CSharpCompilation compilation = CSharpCompilation.Create(
            "api", [], [subject, .. references], new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        IAssemblySymbol assembly = (IAssemblySymbol?)compilation.GetAssemblyOrModuleSymbol(subject)
            ?? throw new InvalidOperationException($"{assemblyPath} is no assembly.");

        IEnumerable<string> texts = Types(assembly.GlobalNamespace).Select(Text);
        return string.Concat(texts.Order(StringComparer.Ordinal));
    }

    private static IEnumerable<INamedTypeSymbol> Types(INamespaceOrTypeSymbol parent)
    {
        foreach (ISymbol member in parent.GetMembers())
        {
            if (member is INamespaceSymbol space)
            {
                foreach (INamedTypeSymbol type in Types(space))
                {
                    yield return type;
                }
            }
            else if (member is INamedTypeSymbol type && IsVisible(type))
            {
                yield return type;
                foreach (INamedTypeSymbol nested in Types(type))
                {
                    yield return nested;
                }
            }
        }
    }

    private static string Text(INamedTypeSymbol type)
    {
        string bases = string.Join(", ", Bases(type).Select(parent => parent.ToDisplayString(MemberFormat)));
        string head = $"{type.ToDisplayString(Format)} ({Kind(type)}){(bases.Length > 0 ? " : " + bases : "")}\n";
        IEnumerable<string> members = type.GetMembers()
            .Where(member => member is not INamedTypeSymbol && IsVisible(member))
            .Where(member => !IsAccessor(member) && !IsRecordPlumbing(type, member))
            .Select(member => $"    {member.ToDisplayString(MemberFormat)}\n");
        return head + string.Concat(members.Distinct().Order(StringComparer.Ordinal));
    }

    private static IEnumerable<INamedTypeSymbol> Bases(INamedTypeSymbol type)
    {
        if (type.TypeKind == TypeKind.Class && type.BaseType is { SpecialType: not SpecialType.System_Object } parent)
        {
            yield return parent;
        }

        foreach (INamedTypeSymbol direct in type.Interfaces.OrderBy(i => i.ToDisplayString(), StringComparer.Ordinal))
        {
            yield return direct;
        }
    }

    private static string Kind(INamedTypeSymbol type)
    {
        string prefix = type switch
        {
            { TypeKind: not TypeKind.Class } => "",
            { IsStatic: true } => "static ",
            { IsAbstract: true } => "abstract ",
            { IsSealed: true } => "sealed ",
            _ => "",
        };
        return prefix + (type.IsRecord ? "record " : "") + type.TypeKind.ToString().ToLowerInvariant();
    }

    private static bool IsVisible(ISymbol symbol) =>
        symbol.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected
            or Accessibility.ProtectedOrInternal;

    private static bool IsAccessor(ISymbol member) =>
        member is IMethodSymbol { AssociatedSymbol: not null } or IFieldSymbol { AssociatedSymbol: not null };

    /// <summary>What the compiler writes into every record says nothing about the design.</summary>
    private static bool IsRecordPlumbing(INamedTypeSymbol type, ISymbol member) =>
        type.IsRecord
            && (member.Name is "EqualityContract" or "PrintMembers" or "<Clone>$" or "Deconstruct" or "op_Equality"
            or "op_Inequality" or "Equals" or "GetHashCode" or "ToString");
}
