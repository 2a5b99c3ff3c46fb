using System.Collections.Frozen;

namespace Crm.Api.Imports.Profiles;

/// <summary>What columns are usually called, in English and Chinese, and what they are in a mapping.</summary>
internal static class ColumnNames
{
    private static readonly FrozenSet<string> Personal = Words(
        "contact contactname contactperson firstname lastname fullname person surname givenname email mail emailaddress phone mobile telephone tel cell fax address " +
        "street birthday message note notes comment comments remark remarks linkedin wechat qq 姓名 联系人 联系方式 电话 手机 手机号 电子邮件 邮箱 地址 备注 留言 微信");

    private static readonly FrozenSet<string> Phones = Words("phone mobile telephone tel cell fax phonenumber mobilephone 电话 手机 手机号 联系电话 传真");

    private static readonly string[] DateWords = ["date", "time", "day", "datum", "日期", "时间"];

    /// <summary>By member of a kind: its usual names, the most telling first.</summary>
    public static readonly IReadOnlyDictionary<string, IReadOnlyDictionary<string, string[]>> ByKind = new Dictionary<string, IReadOnlyDictionary<string, string[]>>
    {
        ["customers"] = Members(
            ("name", "accountname companyname customername account company customer organization organisation client name 客户名称 公司名称 客户 公司 企业名称"),
            ("key", "accountid customerid companyid organizationid id number code 客户编号 客户编码 编号 编码"),
            ("industry", "industry sector branch vertical 行业 所属行业"), ("region", "region territory state province city 区域 地区 省份 城市"),
            ("country", "country officelocation location 国家"), ("employees", "employees numberofemployees employeecount headcount companysize size 员工数 人数 规模"),
            ("website", "website url homepage web 网站 官网"), ("parent", "parent parentaccount subsidiaryof parentcompany parentid 上级公司 母公司"),
            ("at", "created createdat createddate createdate creationdate registered 创建时间 创建日期")),
        ["contacts"] = Members(
            ("key", "contactid contactnumber contactno id number 联系人编号 编号"),
            ("customer", "accountid customerid companyid organizationid account accountname customer customername company companyname organization client 客户编号 客户名称 客户 公司名称 公司"),
            ("name", "contactname fullname name contact person 联系人姓名 联系人 姓名"), ("email", "email mail emailaddress 邮箱 电子邮件"),
            ("phone", "phone mobile telephone phonenumber tel mobilephone cell 手机 电话 手机号 联系电话"), ("title", "jobtitle title position role function 职位 职务"),
            ("at", "created createdat createddate createdate creationdate 创建时间 创建日期")),
        ["campaigns"] = Members(
            ("key", "campaignid campaigncode code id 活动编号 活动编码 编号"), ("name", "campaignname name title campaign 活动名称 名称"),
            ("channel", "channel medium campaigntype type 渠道 类型"), ("startsOn", "startson startdate start from begindate begin 开始日期"), ("endsOn", "endson enddate end until to 结束日期"),
            ("budget", "budget budgetedcost plannedcost 预算"), ("spent", "spent spend actualcost actualcosts cost costs 支出 实际费用 费用"),
            ("at", "created createdat createddate createdate creationdate 创建时间 创建日期")),
        ["orders"] = Members(
            ("key", "orderid ordernumber orderno order number id 订单编号 订单号 编号"),
            ("customer", "accountid customerid companyid account accountname customer customername company companyname organization client 客户编号 客户名称 客户 公司"),
            ("opportunity", "opportunityid dealid opportunity deal 商机编号 商机"), ("paid", "paidamount amountpaid paid payments 已付金额 回款金额"),
            ("amount", "orderamount ordertotal ordervalue totalamount grandtotal total amount value 订单金额 合同金额 金额"),
            ("signed", "orderdate ordered orderedon signedon signed contractdate date createddate created 下单日期 签订日期 订单日期 日期"),
            ("delivered", "deliverydate delivered deliveredon shippeddate shipped shipdate 交付日期 发货日期"), ("paidOn", "paiddate paidon paymentdate 付款日期 回款日期")),
        ["leads"] = Members(
            ("key", "leadid prospectid leadnumber leadno id 线索编号 线索id 编号"), ("source", "leadsource source origin channel leadorigin 线索来源 来源 渠道"),
            ("company", "company companyname account organization organisation employer 公司 公司名称 客户名称 企业名称"),
            ("contact", "contact contactname fullname contactperson person name 联系人 姓名"), ("email", "email mail emailaddress 邮箱 电子邮件"),
            ("phone", "phone mobile telephone phonenumber tel mobilephone cell 手机 电话 手机号 联系电话"), ("message", "message note notes comment comments inquiry 留言 备注 需求"),
            ("role", "jobtitle title role position occupation whatisyourcurrentoccupation 职位 职务"), ("region", "region city state province country 城市 省份 地区 区域"),
            ("industry", "industry sector specialization 行业"), ("employees", "employees numberofemployees companysize 员工数 规模"),
            ("campaign", "campaign campaignname utmcampaign 活动 市场活动"), ("product", "product productinterest interest 产品 意向产品"),
            ("rep", "owner leadowner salesrep rep assignedto salesagent 负责人 销售 跟进人"),
            ("at", "created createdat createddate createdate creationdate captured date 创建时间 创建日期 日期")),
        ["opportunities"] = Members(
            ("key", "opportunityid dealid opportunitynumber dealnumber opportunityno id number 商机编号 商机id 机会编号 编号"),
            ("name", "opportunityname dealname title subject name opportunity deal 商机名称 机会名称 名称 主题"),
            ("customer", "accountid customerid companyid account accountname customer customername company companyname organization client 客户 客户名称 客户编号 公司"),
            ("amount", "amount dealamount opportunityamount closevalue dealvalue value revenue expectedrevenue worth total price 金额 商机金额 合同金额 预计金额 成交金额"),
            ("stage", "stage stagename dealstage salesstage pipelinestage opportunitystage phase status state 阶段 销售阶段 商机阶段 状态"),
            ("opened", "created createdat createddate createdate creationdate opened openedat opendate engagedate startdate 创建时间 创建日期 开始日期"),
            ("closed", "closed closedat closedate closeddate actualclosedate wondate enddate 关闭日期 关闭时间 成交日期 结束日期"),
            ("expectedClose", "expectedclose expectedclosedate estimatedclosedate forecastdate 预计成交日期 预计成交时间 预计签单日期"),
            ("rep", "owner ownername opportunityowner dealowner salesagent salesrep rep representative salesperson assignedto seller user 负责人 销售 业务员 所有人"),
            ("team", "team salesteam manager department 团队 部门"), ("region", "region territory regionaloffice area 区域 地区 大区"),
            ("product", "product productname item 产品 产品名称"), ("source", "leadsource source channel 来源 渠道"),
            ("reason", "lossreason lostreason closereason reason 丢单原因 输单原因 失败原因"), ("competitor", "competitor competitors 竞争对手")),
        ["stageHistories"] = Members(
            ("opportunity", "opportunityid dealid opportunity deal caseid case caseconceptname recordid parentid 商机编号 商机id 商机 案例编号"),
            ("stage", "tostage newstage stage stagename newvalue activity activityname conceptname event status state 变更后阶段 新阶段 阶段 活动 状态"),
            ("at", "changedat changeddate changedate changed timestamp timetimestamp completetimestamp enteredat enteredon createddate createdat datetime date time when modifiedat 变更时间 修改时间 操作时间 时间"),
            ("by", "changedby user username resource orgresource createdby modifiedby actor author who by owner 操作人 变更人 修改人 负责人"),
            ("amount", "amount dealamount value worth 金额 商机金额"))
    };

    public static bool ArePersonal(string column) => Personal.Contains(Bare(column));

    public static bool ArePhones(string column) => Phones.Contains(Bare(column));

    public static bool AreDates(string column) => DateWords.Any(word => Bare(column).Contains(word, StringComparison.Ordinal)) || column.EndsWith("_at", StringComparison.Ordinal);

    /// <summary>Letters and digits only, in lower case.</summary>
    public static string Bare(string column) => string.Concat(column.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    private static FrozenSet<string> Words(string words) => words.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);

    private static Dictionary<string, string[]> Members(params (string Member, string Names)[] members) =>
        members.ToDictionary(member => member.Member, member => member.Names.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
